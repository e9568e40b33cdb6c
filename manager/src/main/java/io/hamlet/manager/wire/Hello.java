package io.hamlet.manager.wire;

import com.google.protobuf.InvalidProtocolBufferException;
import io.hamlet.internal.v1.BusProto;
import io.hamlet.internal.v1.BusProto.Hello.Role;
import io.hamlet.manager.port.Member;
import java.util.regex.Pattern;

/**
 * What a member of the bus says of itself.
 *
 * @param version of the bus's language
 * @param cluster its name
 * @param clusterId empty: not known to it yet
 * @param epoch of its reign; 0 for a Guardian
 * @param sentBootNanos CLOCK_BOOTTIME of its host when it said so
 * @param place {@code ADDRESS:PORT}, the first of the ports that its node owns; empty: unknown
 */
public record Hello(
    int version,
    String cluster,
    String clusterId,
    Member member,
    long epoch,
    long sentBootNanos,
    String place) {
  /** The one that this program speaks. */
  public static final int VERSION = 4;

  private static final int MOST_BYTES = 1024;
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9._-]{0,64}");
  private static final Pattern ADDRESS = Pattern.compile("[A-Za-z0-9._:\\[\\]%-]{0,280}");

  /** An address in digits: nobody shall have to look up a name to answer. */
  private static final Pattern PLACE =
      Pattern.compile(
          "(([0-9.]{7,15}|\\[[0-9A-Fa-f:.]{2,45}(%[A-Za-z0-9._-]{1,16})?\\]):[0-9]{1,5})?");

  public byte[] encode() {
    return BusProto.Hello.newBuilder()
        .setVersion(version)
        .setCluster(cluster)
        .setClusterId(clusterId)
        .setNode(member.node())
        .setRole(member.role() == Member.Role.HAM ? Role.HAM : Role.GUARDIAN)
        .setPid(member.pid())
        .setIncarnation(member.incarnation())
        .setEpoch(epoch)
        .setAddress(member.address())
        .setSentBootNanos(sentBootNanos)
        .setPlace(place)
        .build()
        .toByteArray();
  }

  /** Reads what any version wrote; throws {@link WireException} for what none would write. */
  public static Hello decode(byte[] bytes) {
    if (bytes.length > MOST_BYTES) {
      throw new WireException("hello", bytes.length + " bytes are too many");
    }
    BusProto.Hello read;
    try {
      read = BusProto.Hello.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw new WireException("hello", "is not readable");
    }
    Member.Role role =
        switch (read.getRole()) {
          case HAM -> Member.Role.HAM;
          case GUARDIAN -> Member.Role.GUARDIAN;
          case ROLE_UNSPECIFIED, UNRECOGNIZED -> throw new WireException("hello.role", "is none");
        };
    check("hello.version", read.getVersion() > 0);
    check("hello.cluster", NAME.matcher(read.getCluster()).matches());
    check("hello.cluster_id", ID.matcher(read.getClusterId()).matches());
    check("hello.node", NAME.matcher(read.getNode()).matches());
    check("hello.pid", read.getPid() > 0);
    check("hello.incarnation", read.getIncarnation() >= 0);
    check("hello.epoch", read.getEpoch() >= 0);
    check("hello.address", ADDRESS.matcher(read.getAddress()).matches());
    check("hello.place", PLACE.matcher(read.getPlace()).matches());
    Member member =
        new Member(read.getNode(), role, read.getPid(), read.getIncarnation(), read.getAddress());
    return new Hello(
        read.getVersion(),
        read.getCluster(),
        read.getClusterId(),
        member,
        read.getEpoch(),
        read.getSentBootNanos(),
        read.getPlace());
  }

  private static void check(String field, boolean holds) {
    if (!holds) {
      throw new WireException(field, "is out of range");
    }
  }
}
