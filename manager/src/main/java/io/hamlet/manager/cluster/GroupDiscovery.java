package io.hamlet.manager.cluster;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.MulticastSocket;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.jgroups.Message;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.protocols.MPING;
import org.jgroups.protocols.PingHeader;
import org.jgroups.util.ByteArray;
import org.jgroups.util.Util;

/**
 * Asks a multicast group who is there. These datagrams go past the rest of the stack, and JGroups
 * would take any message of the bus out of one: so they are sealed here as {@link Seal} does, and
 * nothing comes in by them but such a question.
 */
final class GroupDiscovery extends MPING {
  private static final int LONGEST = 65_535;
  private static final long PAUSE_NANOS = 100_000_000;

  /** On loopback: it keeps garbage out, if nobody else. */
  private static final byte[] NO_SECRET = new byte[32];

  private final Sealing sealing;

  /**
   * @param config has a multicast group
   */
  GroupDiscovery(BusConfig config) {
    setId(ClassConfigurator.getProtocolId(MPING.class));
    setMcastAddr(config.multicast().getAddress());
    setMcastPort(config.multicast().getPort());
    setBindAddr(config.address());
    sealing = new Sealing(config.key() == null ? NO_SECRET : config.key());
  }

  @Override
  protected void sendMcastDiscoveryRequest(Message question) {
    if (question.getSrc() == null) {
      question.setSrc(local_addr);
    }
    MulticastSocket socket = mcast_send_sock;
    if (socket == null) {
      return;
    }
    try {
      byte[] bytes = written(question);
      socket.send(new DatagramPacket(bytes, bytes.length, mcast_addr, mcast_port));
    } catch (Exception e) {
      log.warn("the group %s:%d cannot be asked: %s", mcast_addr, mcast_port, e);
    }
  }

  /** Until it is stopped, by which its socket is closed. */
  @Override
  public void run() {
    MulticastSocket socket = mcast_receive_sock;
    byte[] room = new byte[LONGEST];
    while (socket != null && !socket.isClosed()) {
      DatagramPacket packet = new DatagramPacket(room, room.length);
      try {
        socket.receive(packet);
        Message question = question(packet.getData(), packet.getLength());
        if (question != null && !Objects.equals(local_addr, question.getSrc())) {
          up(question);
        }
      } catch (IOException closed) {
        log.debug("nothing was received of the group: %s", closed);
        // An error that stays must not take a processor.
        LockSupport.parkNanos(PAUSE_NANOS);
      } catch (RuntimeException e) {
        log.debug("a question from %s makes no sense: %s", packet.getSocketAddress(), e);
      }
    }
  }

  byte[] written(Message question) throws Exception {
    ByteArray plain = Util.messageToBuffer(question);
    return sealing.seal(ByteBuffer.wrap(plain.array(), plain.offset(), plain.length()));
  }

  /** Null for what is not ours, and for what is no question. */
  Message question(byte[] bytes, int length) {
    try {
      byte[] plain = sealing.open(ByteBuffer.wrap(Arrays.copyOf(bytes, length)));
      if (plain == null) {
        return null;
      }
      Message message = Util.messageFromBuffer(plain, 0, plain.length);
      PingHeader header = message.getHeader(getId());
      boolean asks = header != null && header.type() == PingHeader.GET_MBRS_REQ;
      return asks && message.getDest() == null ? message : null;
    } catch (GeneralSecurityException e) {
      log.debug("a question was not sealed with our key");
      return null;
    } catch (Exception e) {
      log.debug("a question makes no sense: %s", e);
      return null;
    }
  }
}
