package io.hamlet.manager.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hamlet.core.lease.VoterSet;
import io.hamlet.manager.lease.Datagram.Kind;
import io.hamlet.manager.lease.DatagramCodec.Fault;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import javax.crypto.Mac;
import org.junit.jupiter.api.Test;

/** Datagrams as bytes, and what is none. */
class DatagramCodecTest {
  private static final LeaseKey KEY = key("a key of 32 bytes or a little more");
  private static final Datagram RENEWAL =
      new Datagram(Kind.RENEW, false, "n1", "", 5, 3, 1_234_567_890_123L, index(9), 0);
  private static final Datagram SET =
      new Datagram(
          Kind.SET, false, "v.1", "n_1", 5, 3, 7, new VoterSet(9, List.of("v.1", "v-2", "v3")), 0);

  private final DatagramCodec codec = new DatagramCodec(KEY);

  private static LeaseKey key(String text) {
    return LeaseKey.of(text.getBytes(StandardCharsets.UTF_8), "c");
  }

  private static VoterSet index(long index) {
    return new VoterSet(index, List.of());
  }

  private byte[] bytes(Datagram datagram) {
    ByteBuffer sealed = codec.seal(datagram);
    return Arrays.copyOfRange(sealed.array(), sealed.position(), sealed.limit());
  }

  /** With a MAC that is right, whatever the rest is. */
  private static byte[] sealed(byte[] bytes) {
    Mac mac = KEY.mac();
    int end = bytes.length - LeaseKey.MAC_BYTES;
    mac.update(bytes, 0, end);
    System.arraycopy(mac.doFinal(), 0, bytes, end, LeaseKey.MAC_BYTES);
    return bytes;
  }

  private Fault fault(byte[] bytes) {
    assertThat(codec.open(ByteBuffer.wrap(bytes))).isNull();
    return codec.fault();
  }

  @Test
  void eachKindComesBackAsItWas() {
    for (Kind kind : Kind.values()) {
      for (boolean guardian : new boolean[] {false, true}) {
        VoterSet set = kind == Kind.SET ? SET.set() : index(-1);
        Datagram datagram =
            new Datagram(kind, guardian, "from", "to", 0, Long.MAX_VALUE, 1, set, 77);
        assertThat(codec.open(ByteBuffer.wrap(bytes(datagram)))).isEqualTo(datagram);
        assertThat(codec.fault()).isNull();
      }
    }
  }

  @Test
  void theLongestFits() {
    List<String> names = IntStream.range(0, 9).mapToObj(i -> i + "x".repeat(63)).toList();
    Datagram longest =
        new Datagram(
            Kind.SET, true, names.get(0), names.get(1), 1, 1, 1, new VoterSet(1, names), 1);
    assertThat(codec.open(ByteBuffer.wrap(bytes(longest)))).isEqualTo(longest);
  }

  @Test
  void theBytesAreTheseForEver() {
    assertThat(HexFormat.of().formatHex(bytes(RENEWAL)))
        .startsWith(
            "484c0100"
                + "0000"
                + "0000000000000005"
                + "0000000000000003"
                + "0000011f71fb04cb"
                + "0000000000000009"
                + "0000000000000000"
                + "026e31"
                + "00")
        .hasSize(2 * (46 + 3 + 1 + 32));
  }

  @Test
  void aNameThatIsTooLongIsNotSent() {
    Datagram datagram =
        new Datagram(Kind.ASK, false, "x".repeat(65), "", 0, 0, 0, VoterSet.NONE, 0);
    assertThatThrownBy(() -> codec.seal(datagram)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void eachChangedByteAndEachOtherLengthIsSeen() {
    for (Datagram datagram : List.of(RENEWAL, SET)) {
      byte[] good = bytes(datagram);
      for (int i = 0; i < good.length; i++) {
        byte[] bad = good.clone();
        bad[i] ^= 1;
        assertThat(fault(bad)).as("byte %d", i).isIn(Fault.FOREIGN, Fault.VERSION, Fault.MAC);
        assertThat(fault(Arrays.copyOf(good, i))).isIn(Fault.FOREIGN, Fault.MAC);
        assertThat(fault(Arrays.copyOf(good, good.length + 1 + i))).isIn(Fault.FOREIGN, Fault.MAC);
      }
      assertThat(codec.open(ByteBuffer.wrap(good))).isEqualTo(datagram);
    }
  }

  @Test
  void anotherKeyOrAnotherClusterIsAStranger() {
    byte[] good = bytes(RENEWAL);
    for (LeaseKey other :
        List.of(
            key("another key of 32 bytes or a bit more"),
            LeaseKey.of("a key of 32 bytes or a little more".getBytes(StandardCharsets.UTF_8), "d"),
            LeaseKey.of(new byte[0], "c"))) {
      DatagramCodec codec = new DatagramCodec(other);
      assertThat(codec.open(ByteBuffer.wrap(good))).isNull();
      assertThat(codec.fault()).isEqualTo(Fault.MAC);
    }
  }

  @Test
  void noKeyIsNotAKeyOfZeros() {
    byte[] without = new DatagramCodec(LeaseKey.of(new byte[0], "c")).seal(RENEWAL).array().clone();
    byte[] zeros = new DatagramCodec(LeaseKey.of(new byte[32], "c")).seal(RENEWAL).array().clone();
    assertThat(without).isNotEqualTo(zeros);
  }

  @Test
  void wellSealedNonsenseIsMalformed() {
    byte[] good = bytes(SET);
    int names = 46;
    int[][] changes = {
      {3, 6},
      {3, -1},
      {4, 2},
      {4, -1},
      {5, 10},
      {5, -1},
      {5, 2},
      {5, 4},
      {6, -1},
      {14, -1},
      {22, -1},
      {30, -128},
      {38, -1},
      {names, 65},
      {names, -1},
      {names, 2},
      {names, 0},
      {names + 1, ' '},
      {names + 1, '/'},
      {names + 1, 0},
      {names + 1, -61},
      {names + 1, 0x7f},
    };
    for (int[] change : changes) {
      byte[] bad = good.clone();
      bad[change[0]] = (byte) change[1];
      assertThat(fault(sealed(bad))).as("%s", Arrays.toString(change)).isEqualTo(Fault.FORM);
    }
    byte[] twice = good.clone();
    int second = good.length - LeaseKey.MAC_BYTES - 3 - 3;
    System.arraycopy("v.1".getBytes(StandardCharsets.US_ASCII), 0, twice, second, 3);
    assertThat(fault(sealed(twice))).isEqualTo(Fault.FORM);
    assertThat(codec.open(ByteBuffer.wrap(sealed(good)))).isEqualTo(SET);
  }

  @Test
  void votersAreNamedInASetOnly() {
    byte[] bad = bytes(SET);
    bad[3] = (byte) Kind.ACK.ordinal();
    assertThat(fault(sealed(bad))).isEqualTo(Fault.FORM);
  }

  @Test
  void randomBytesNeverDoMoreThanBeRefused() {
    Random random = new Random(11);
    for (int i = 0; i < 100_000; i++) {
      byte[] bytes = new byte[random.nextInt(200)];
      random.nextBytes(bytes);
      if (bytes.length > 3 && random.nextBoolean()) {
        System.arraycopy(bytes(RENEWAL), 0, bytes, 0, 3);
      }
      assertThat(codec.open(ByteBuffer.wrap(bytes))).isNull();
      if (bytes.length >= 82 && i % 2 == 0) {
        codec.open(ByteBuffer.wrap(sealed(bytes)));
      }
    }
  }
}
