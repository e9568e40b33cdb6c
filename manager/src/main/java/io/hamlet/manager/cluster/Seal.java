package io.hamlet.manager.cluster;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import org.jgroups.BytesMessage;
import org.jgroups.Message;
import org.jgroups.Message.TransientFlag;
import org.jgroups.stack.Protocol;
import org.jgroups.util.ByteArray;
import org.jgroups.util.Util;

/**
 * Seals everything that leaves, heads and all, with the key of the cluster; what was not sealed
 * with it, or was seen before, does not come in. So without the key nobody can be heard, be it to
 * join, to suspect somebody, or to speak in another's name.
 */
final class Seal extends Protocol {
  private final Sealing sealing;

  Seal(byte[] key) {
    this.sealing = new Sealing(key);
  }

  @Override
  public Object down(Message message) {
    if (message.getSrc() == null) {
      message.setSrc(local_addr);
    }
    try {
      ByteArray plain = Util.messageToBuffer(message);
      byte[] sealed = sealing.seal(ByteBuffer.wrap(plain.array(), plain.offset(), plain.length()));
      Message outer = new BytesMessage(message.getDest(), sealed).setSrc(message.getSrc());
      outer.setFlag(message.getFlags(), false);
      if (message.isFlagSet(TransientFlag.DONT_LOOPBACK)) {
        outer.setFlag(TransientFlag.DONT_LOOPBACK);
      }
      return down_prot.down(outer);
    } catch (Exception e) {
      log.error("a message could not be sealed and is dropped: %s", e);
      return null;
    }
  }

  @Override
  public Object up(Message outer) {
    Message message = open(outer);
    return message == null ? null : up_prot.up(message);
  }

  /** So that each message of a batch is opened on its own. */
  @Override
  protected boolean accept(Message outer) {
    return true;
  }

  /** Null for what is not ours. */
  private Message open(Message outer) {
    if (!outer.hasArray()) {
      return null;
    }
    try {
      byte[] plain =
          sealing.open(ByteBuffer.wrap(outer.getArray(), outer.getOffset(), outer.getLength()));
      return plain == null ? null : Util.messageFromBuffer(plain, 0, plain.length);
    } catch (GeneralSecurityException e) {
      log.debug("a message from %s was not sealed with our key", outer.getSrc());
      return null;
    } catch (Exception e) {
      log.debug("a message from %s makes no sense: %s", outer.getSrc(), e);
      return null;
    }
  }
}
