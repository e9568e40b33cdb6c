package io.hamlet.agent.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class LauncherLinkTest {
  @TempDir Path state;

  @Test
  void tellsWhatItHasToSayInOrder() throws Exception {
    makePipes();
    LauncherLink link = LauncherLink.open(state, NotifySocket.NONE);
    assertThat(link.wasReady()).isFalse();
    link.ready("node a\nanswers");
    link.notice("something");
    link.end(3);
    assertThat(link.wasReady()).isTrue();
    try (BufferedReader lines = Files.newBufferedReader(state.resolve("launcher.up"))) {
      assertThat(List.of(lines.readLine(), lines.readLine(), lines.readLine()))
          .containsExactly("ready node a answers", "notice something", "end 3");
    }
  }

  @Test
  void hearsOneLauncherAfterTheOther() throws Exception {
    makePipes();
    LauncherLink link = LauncherLink.open(state, NotifySocket.NONE);
    List<LauncherLink.Ask> heard = new CopyOnWriteArrayList<>();
    link.onStop(heard::add);
    for (String line : List.of("TERM", "INT")) {
      try (RandomAccessFile launcher = new RandomAccessFile(down(), "rw")) {
        launcher.writeBytes(line + "\n");
        await().until(() -> heard.contains(LauncherLink.Ask.valueOf(line)));
      }
    }
    assertThat(heard).containsExactly(LauncherLink.Ask.TERM, LauncherLink.Ask.INT);
  }

  @Test
  void anAskThatCameEarlyIsToldLater() throws Exception {
    makePipes();
    LauncherLink link = LauncherLink.open(state, NotifySocket.NONE);
    try (RandomAccessFile launcher = new RandomAccessFile(down(), "rw")) {
      launcher.writeBytes("nonsense\nTERM\n");
      List<LauncherLink.Ask> heard = new CopyOnWriteArrayList<>();
      link.onStop(heard::add);
      await().until(() -> !heard.isEmpty());
      assertThat(heard).containsOnly(LauncherLink.Ask.TERM);
    }
  }

  @Test
  void aLauncherThatComesLaterIsToldAgainThatTheNodeIsReady() throws Exception {
    makePipes();
    LauncherLink link = LauncherLink.open(state, NotifySocket.NONE);
    link.onStop(ask -> {});
    link.ready("it runs");
    try (RandomAccessFile launcher = new RandomAccessFile(down(), "rw");
        BufferedReader lines = Files.newBufferedReader(state.resolve("launcher.up"))) {
      assertThat(lines.readLine()).isEqualTo("ready it runs");
      launcher.writeBytes("HELLO\n");
      assertThat(lines.readLine()).isEqualTo("ready it runs");
    }
  }

  @Test
  void aNodeWithoutAnybodyWhoReadsIsNeverBlocked() throws Exception {
    makePipes();
    LauncherLink link = LauncherLink.open(state, NotifySocket.NONE);
    for (int i = 0; i < 5_000; i++) {
      link.notice("a notice of some length, number " + i);
    }
    link.end(0);
  }

  @Test
  void withoutPipesThereIsNoLink() {
    assertThatThrownBy(() -> LauncherLink.open(state, NotifySocket.NONE))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("started by ham run");
    assertThat(state.resolve("launcher.up")).doesNotExist();
    LauncherLink.none().end(0);
  }

  @Test
  void refusesAnExitStatusThatIsNone() {
    assertThatThrownBy(() -> LauncherLink.none().end(256))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private String down() {
    return state.resolve("launcher.down").toString();
  }

  private void makePipes() throws Exception {
    for (String name : List.of("launcher.up", "launcher.down")) {
      Process mkfifo = new ProcessBuilder("mkfifo", state.resolve(name).toString()).start();
      assertThat(mkfifo.waitFor()).isZero();
    }
  }
}
