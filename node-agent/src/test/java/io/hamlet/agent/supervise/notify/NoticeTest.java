package io.hamlet.agent.supervise.notify;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever a datagram holds, it means what the protocol says, or is told to be a fault. */
class NoticeTest {
  private static List<Word> parse(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return Notice.parse(bytes, bytes.length);
  }

  @Test
  void theWordsOfTheProtocol() {
    assertThat(parse("READY=1")).containsExactly(new Word.Ready());
    assertThat(parse("READY=1\n")).containsExactly(new Word.Ready());
    assertThat(parse("RELOADING=1\nMONOTONIC_USEC=12")).containsExactly(new Word.Reloading());
    assertThat(parse("STOPPING=1")).containsExactly(new Word.Stopping());
    assertThat(parse("WATCHDOG=1")).containsExactly(new Word.Alive());
    assertThat(parse("WATCHDOG=trigger")).containsExactly(new Word.Trigger());
    assertThat(parse("WATCHDOG_USEC=20000000"))
        .containsExactly(new Word.Period(Duration.ofSeconds(20)));
    assertThat(parse("EXTEND_TIMEOUT_USEC=1500"))
        .containsExactly(new Word.Extend(Duration.ofNanos(1_500_000)));
    assertThat(parse("MAINPID=4711")).containsExactly(new Word.MainPid(4_711));
    assertThat(parse("STATUS=all is well: 100 %"))
        .containsExactly(new Word.Status("all is well: 100 %"));
    assertThat(parse("ERRNO=2")).containsExactly(new Word.Error("ENOENT (no such file)"));
    assertThat(parse("BUSERROR=org.example.Bad"))
        .containsExactly(new Word.Error("org.example.Bad"));
  }

  @Test
  void aMessageThatNamesANewMainProcessSpeaksForIt() {
    assertThat(parse("STATUS=up=1\nREADY=1\nMAINPID=99"))
        .containsExactly(new Word.MainPid(99), new Word.Ready(), new Word.Status("up=1"));
  }

  @Test
  void whatNobodyKnowsIsSkipped() {
    assertThat(parse("X_MINE=1\nBARRIER=1\nVSOCK_CID=3\n\n=1\nplain")).isEmpty();
  }

  @Test
  void ofWhatIsSaidTwiceTheFirstCounts() {
    assertThat(parse("STATUS=a\nSTATUS=b")).containsExactly(new Word.Status("a"));
  }

  @Test
  void descriptorsAreRefusedInWords() {
    assertThat(parse("FDSTORE=1\nFDNAME=a\nREADY=1"))
        .hasSize(2)
        .contains(new Word.Ready())
        .hasAtLeastOneElementOfType(Word.Refused.class);
    assertThat(parse("NOTIFYACCESS=all")).hasOnlyElementsOfType(Word.Refused.class);
  }

  @Test
  void oneFaultSpoilsItsLineOnly() {
    for (String bad :
        List.of(
            "READY=0",
            "READY=yes",
            "WATCHDOG=2",
            "STOPPING=",
            "MAINPID=0",
            "MAINPID=1",
            "MAINPID=-5",
            "MAINPID=99999999",
            "ERRNO=-1",
            "ERRNO=5000",
            "WATCHDOG_USEC=1",
            "WATCHDOG_USEC=99999999999999999999",
            "EXTEND_TIMEOUT_USEC=0",
            "EXTEND_TIMEOUT_USEC=1e9")) {
      assertThat(parse(bad)).as(bad).hasSize(1).hasOnlyElementsOfType(Word.Faulty.class);
      assertThat(parse(bad + "\nSTATUS=s")).as(bad).contains(new Word.Status("s"));
    }
  }

  @Test
  void theByteThatEndsAStringOfCIsNoFault() {
    assertThat(parse("READY=1\0")).containsExactly(new Word.Ready());
    assertThat(parse("READY=1\0STATUS=a")).hasOnlyElementsOfType(Word.Faulty.class);
  }

  @Test
  void aStatusIsOneLineOfBoundedLength() {
    assertThat(parse("STATUS=a\tb\u001b[31m\r")).containsExactly(new Word.Status("a b [31m"));
    Word long1 = parse("STATUS=" + "x".repeat(4_000)).getFirst();
    assertThat(((Word.Status) long1).text()).hasSize(1_000);
  }

  @Test
  void tooLongEmptyOrNoTextIsNothing() {
    assertThat(Notice.parse(new byte[Notice.MOST], Notice.MOST + 1))
        .hasOnlyElementsOfType(Word.Faulty.class);
    assertThat(Notice.parse(new byte[0], 0)).hasOnlyElementsOfType(Word.Faulty.class);
    assertThat(Notice.parse(new byte[] {(byte) 0xC3, 0x28}, 2))
        .hasOnlyElementsOfType(Word.Faulty.class);
  }

  /** Pieces of the protocol with bytes turned over, from a seed that a failure names. */
  @Test
  void anyBytesAreAnswered() {
    byte[] good =
        "READY=1\nMAINPID=12\nWATCHDOG_USEC=5\nSTATUS=a\nERRNO=2".getBytes(StandardCharsets.UTF_8);
    for (int seed = 0; seed < 5_000; seed++) {
      Random random = new Random(seed);
      byte[] bytes = Arrays.copyOf(good, random.nextInt(good.length) + 1);
      for (int i = random.nextInt(8); i > 0; i--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      assertThat(Notice.parse(bytes, bytes.length)).as("seed %s", seed).doesNotContainNull();
    }
  }
}
