package io.hamlet.manager.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.core.lease.LeaseTimes;
import io.hamlet.core.model.Moment;
import io.hamlet.manager.port.Hearing;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a voter makes of last words: those of a committed leash are believed, and nothing else. */
class ObituaryTest {
  private static final SocketAddress SOMEBODY = new InetSocketAddress("127.0.0.1", 9);

  private final LeashSecret secret = LeashSecret.draw(new SecureRandom());
  private final List<String> told = new ArrayList<>();
  private final List<String> notices = new ArrayList<>();
  private LeaseDesk desk;

  @BeforeEach
  void listen() {
    desk =
        new LeaseDesk(
            "voter",
            LeaseKey.of(new byte[0], "village"),
            LeaseTimes.DEFAULT,
            () -> new Moment(1, 1),
            new Silent(),
            () -> {},
            new Deaf(),
            notices::add);
    desk.obituaries((node, incarnation, all) -> told.add(node + " " + incarnation + " " + all));
    commit(7, 3, secret);
  }

  private void commit(long incarnation, long generation, LeashSecret its) {
    desk.leashed("n1", incarnation, generation, its.hash());
    desk.turn(new Moment(1, 1));
  }

  private void hear(String line) {
    desk.received(ByteBuffer.wrap(line.getBytes(StandardCharsets.ISO_8859_1)), SOMEBODY);
  }

  private static String line(long incarnation, long generation, String word) {
    return "HL-OBITUARY 1 n1 " + incarnation + " " + generation + " " + word + "\n";
  }

  @Test
  void theSecretOfTheCommittedLeashProvesThatAllHasEnded() {
    hear(line(7, 3, secret.all()));
    assertThat(told).containsExactly("n1 7 true");
  }

  @Test
  void theLesserSecretLeavesOutWhatIsKept() {
    hear(line(7, 3, secret.stopped()));
    assertThat(told).containsExactly("n1 7 false");
  }

  @Test
  void forgedWordsProveNothing() {
    hear(line(7, 3, LeashSecret.draw(new SecureRandom()).all()));
    hear(line(7, 3, secret.hash()));
    assertThat(told).isEmpty();
    assertThat(notices).hasSize(1).first().asString().contains("an obituary that proves nothing");
  }

  @Test
  void anotherIncarnationOrGenerationIsRefused() {
    hear(line(6, 3, secret.all()));
    hear(line(8, 3, secret.all()));
    hear(line(7, 2, secret.all()));
    hear(line(7, 4, secret.all()));
    hear("HL-OBITUARY 1 n2 7 3 " + secret.all() + "\n");
    assertThat(told).isEmpty();
  }

  @Test
  void theSecretOfALeashThatWasReplacedIsWorthNothing() {
    LeashSecret next = LeashSecret.draw(new SecureRandom());
    commit(7, 4, next);
    hear(line(7, 3, secret.all()));
    assertThat(told).isEmpty();
    hear(line(7, 4, next.all()));
    assertThat(told).containsExactly("n1 7 true");
  }

  @Test
  void whatWasSaidForAnEarlierStartOfTheNodeCannotBeSaidAgain() {
    commit(8, 1, LeashSecret.draw(new SecureRandom()));
    hear(line(7, 3, secret.all()));
    assertThat(told).isEmpty();
  }

  @Test
  void anOlderCommitSeenLateChangesNothing() {
    commit(7, 2, LeashSecret.draw(new SecureRandom()));
    commit(6, 9, LeashSecret.draw(new SecureRandom()));
    hear(line(7, 3, secret.all()));
    assertThat(told).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HL-OBITUARY ",
        "HL-OBITUARY 2 n1 7 3 WORD\n",
        "HL-OBITUARY 1 n1 7 3 WORD",
        "HL-OBITUARY 1 n1 7 3 WORD\n\n",
        "HL-OBITUARY 1 n1 7 3 WORD \n",
        "HL-OBITUARY 1 n/1 7 3 WORD\n",
        "HL-OBITUARY 1 n1 -7 3 WORD\n",
        "HL-OBITUARY 1 n1 9999999999999999999 3 WORD\n",
        "HL-OBITUARY 1 n1 7 3 00\n",
      })
  void whatIsNotWellFormedIsDropped(String line) {
    hear(line.replace("WORD", secret.all()));
    assertThat(told).isEmpty();
    assertThat(desk.dropped()).isOne();
  }

  /** Nothing is sent. */
  private static final class Silent implements Post {
    @Override
    public void toNode(String node, ByteBuffer datagram) {}

    @Override
    public void toSlot(String node, SocketAddress slot, ByteBuffer datagram) {}

    @Override
    public void back(SocketAddress source, ByteBuffer datagram) {}
  }

  private static final class Deaf implements Hearing.Listener {
    @Override
    public void silent(String node, long incarnation) {}

    @Override
    public void heardAgain(String node, long incarnation) {}
  }
}
