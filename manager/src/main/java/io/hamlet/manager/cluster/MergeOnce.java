package io.hamlet.manager.cluster;

import org.jgroups.Message;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.protocols.pbcast.GMS;
import org.jgroups.protocols.pbcast.GMS.GmsHeader;
import org.jgroups.stack.Protocol;

/**
 * Sends a request to merge once. Sent again until it is answered, one that was meant for a member
 * behind a cut would arrive when the cut is over: who gets it keeps to that merge, which nobody
 * leads any more, and takes no other for as long as one may last.
 */
final class MergeOnce extends Protocol {
  private static final short MEMBERS = ClassConfigurator.getProtocolId(GMS.class);

  @Override
  public Object down(Message message) {
    GmsHeader head = message.getHeader(MEMBERS);
    if (head != null && head.getType() == GmsHeader.MERGE_REQ) {
      message.setFlag(Message.Flag.NO_RELIABILITY);
    }
    return down_prot.down(message);
  }
}
