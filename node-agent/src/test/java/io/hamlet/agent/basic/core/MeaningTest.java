package io.hamlet.agent.basic.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.agent.basic.conf.CheckOptions;
import io.hamlet.agent.script.Raw;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the end of a check means, row by row of the tables of sam.md 5.4. */
class MeaningTest {
  private static final Set<String> WORDS = Set.of("master", "slave");

  private static Reading local(int exit, String output) {
    return Reading.of(Raw.exited(exit, output), CheckOptions.DEFAULT, false, WORDS);
  }

  private static void assertNoEffect(Reading reading, String event) {
    assertThat(reading.outcome()).isEqualTo(Outcome.UNKNOWN);
    assertThat(reading.word()).isEmpty();
    assertThat(reading.event()).isEqualTo(event);
  }

  @Test
  void row1ExitZeroIsThePrintedWordElseTheWordForOk() {
    assertThat(local(0, "master\n").word()).isEqualTo("master");
    assertThat(local(0, "all well").word()).isEqualTo("up");
    assertThat(local(0, "all well").outcome()).isEqualTo(Outcome.OK);
  }

  @Test
  void row2ExitOneIsAWarningThatDegrades() {
    assertThat(local(1, "slow").word()).isEqualTo("up");
    assertThat(local(1, "slave").word()).isEqualTo("slave");
    assertThat(local(1, "slow").event()).isEqualTo("degraded");
  }

  @Test
  void row3ExitTwoIsCritical() {
    assertThat(local(2, "gone").word()).isEqualTo("down");
    assertThat(local(2, "STATE=slave").word()).isEqualTo("slave");
    assertThat(local(2, "gone").outcome()).isEqualTo(Outcome.CRITICAL);
  }

  @Test
  void row4ExitThreeHasNoEffectWhateverIsPrinted() {
    assertNoEffect(local(3, "master"), "");
  }

  @Test
  void row5ReservedExitsHaveNoEffect() {
    for (int exit : new int[] {4, 5, 64, 125}) {
      assertNoEffect(local(exit, "master"), "");
    }
  }

  @Test
  void row6WhatCannotBeRunHasNoEffectAndIsTold() {
    assertNoEffect(local(126, "master"), "check-not-runnable");
    assertNoEffect(local(127, ""), "check-not-runnable");
    Reading never = Reading.of(Raw.notStarted("no"), CheckOptions.DEFAULT, false, WORDS);
    assertNoEffect(never, "check-not-runnable");
  }

  @Test
  void row7DeathBySignalHasNoEffect() {
    assertNoEffect(local(128 + 9, "master"), "");
    assertNoEffect(local(255, "master"), "");
  }

  @Test
  void row8ALostConnectionHasNoEffectAndIsTold() {
    Raw raw = Raw.exited(255, "master");
    assertNoEffect(Reading.of(raw, CheckOptions.DEFAULT, true, WORDS), "scope-unreachable");
  }

  @Test
  void row9ATimeoutIsUnknownUnlessItWasSaidToBeCritical() {
    Raw raw = Raw.timedOut("master");
    assertNoEffect(Reading.of(raw, CheckOptions.DEFAULT, false, WORDS), "");
    CheckOptions d = CheckOptions.DEFAULT;
    CheckOptions critical =
        new CheckOptions(
            "", d.interval(), d.timeout(), 1, true, 3, "up", "up", "dead", d.environment());
    Reading reading = Reading.of(raw, critical, false, WORDS);
    assertThat(reading.outcome()).isEqualTo(Outcome.CRITICAL);
    assertThat(reading.word()).isEqualTo("dead");
  }

  @Test
  void output1TheFirstLineIsTextUpToTheBarAndPerformanceBehindIt() {
    CheckOutput output = CheckOutput.parse("PING OK - 1 ms|rta=1.0ms;100;500;0 'a b'=0%\n", WORDS);
    assertThat(output.text()).isEqualTo("PING OK - 1 ms");
    assertThat(output.performance()).isEqualTo("rta=1.0ms;100;500;0 'a b'=0%");
  }

  @Test
  void output2FurtherLinesAreLongTextUntilTheirBar() {
    CheckOutput output = CheckOutput.parse("a|b=1\nmore\nand|c=2\nd=3\n", WORDS);
    assertThat(output.more()).isEqualTo("more\nand");
    assertThat(output.performance()).isEqualTo("b=1 c=2 d=3");
  }

  @Test
  void output3TheWordIsAStateLineElseTheWholeOutputElseNone() {
    assertThat(CheckOutput.parse("slave\nSTATE=Master\n", WORDS).word()).isEqualTo("master");
    assertThat(CheckOutput.parse("  MASTER \n\n", WORDS).word()).isEqualTo("master");
    assertThat(CheckOutput.parse("master now", WORDS).word()).isEmpty();
    assertThat(CheckOutput.parse("primary", WORDS).word()).isEmpty();
    assertThat(CheckOutput.parse("x STATE=master", WORDS).word()).isEmpty();
    assertThat(CheckOutput.parse("STATE=unknown\nSTATE=conflict\nSTATE=a b\n", WORDS).word())
        .isEmpty();
  }

  @Test
  void output4BinaryNoiseIsTextWithoutControls() {
    String noise = "\u0000\u0007\uFFFD|\u0001\nSTATE=\u0002\n\u001b[2J";
    CheckOutput output = CheckOutput.parse(noise, WORDS);
    assertThat(output.word()).isEmpty();
    assertThat(output.text() + output.performance()).doesNotContainPattern("\\p{Cntrl}");
  }
}
