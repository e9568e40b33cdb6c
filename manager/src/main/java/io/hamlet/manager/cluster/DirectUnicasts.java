package io.hamlet.manager.cluster;

import org.jgroups.Message;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.protocols.pbcast.GMS;
import org.jgroups.util.MaxOneThreadPerSender;
import org.jgroups.util.MessageBatch;

/**
 * What is said to this member alone is handed up by the thread that has read it, so that one wake
 * leads from the network to whoever listens. Views, and all else that JGroups says about
 * membership, go their usual way through its threads: who installs a view may wait for a
 * connection, and there is one thread that reads for all members.
 */
public final class DirectUnicasts extends MaxOneThreadPerSender {
  private static final short MEMBERSHIP = ClassConfigurator.getProtocolId(GMS.class);

  @Override
  public boolean process(Message message, boolean oob) {
    if (oob || !isDirect(message)) {
      return super.process(message, oob);
    }
    try {
      tp.passMessageUp(message, true, false, true);
    } catch (RuntimeException e) {
      // Thrown further it would end the connection, and one message is no reason.
      log.error("a message of " + message.getSrc() + " was not taken", e);
    }
    return true;
  }

  @Override
  public boolean process(MessageBatch batch, boolean oob) {
    if (oob || batch.multicast() || !areDirect(batch)) {
      return super.process(batch, oob);
    }
    new BatchHandler(batch, false).run();
    return true;
  }

  private static boolean areDirect(MessageBatch batch) {
    for (Message message : batch) {
      if (!isDirect(message)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isDirect(Message message) {
    return message.getDest() != null && message.getHeader(MEMBERSHIP) == null;
  }
}
