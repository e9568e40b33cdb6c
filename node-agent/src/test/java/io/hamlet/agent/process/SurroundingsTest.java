package io.hamlet.agent.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hamlet.core.model.ProcessSpec;
import io.hamlet.core.model.ProcessSpec.Kill;
import io.hamlet.core.model.ProcessSpec.Limit;
import io.hamlet.core.model.ProcessSpec.Variable;
import io.hamlet.core.recovery.HamEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A program finds exactly what was said, and nothing of the manager's. */
class SurroundingsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir Path directory;
  private Bench bench;

  @BeforeEach
  void open() {
    bench = new Bench(directory);
  }

  @AfterEach
  void close() {
    bench.close();
  }

  private static ProcessSpec spec(List<String> argv, List<Variable> environment, String user) {
    return new ProcessSpec(
        argv, environment, "/", user, List.of(new Limit("nofile", 77)), "", false, "", Kill.GROUP);
  }

  private static ProcessSpec sleeper(String user, Variable... environment) {
    return spec(List.of("/bin/sleep", "1000"), List.of(environment), user);
  }

  /** Who has started has a memory of its own, which is empty at first. */
  private String proc(HamEvent.Started started, String file) {
    Path path = Path.of("/proc/" + started.process().pid(), file);
    return await()
        .until(() -> Files.readString(path, StandardCharsets.ISO_8859_1), s -> !s.isEmpty());
  }

  private static String utf8(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  @Test
  void environmentIsExactlyWhatWasSaid() throws IOException {
    HamEvent.Started started =
        bench.start(
            sleeper(
                "",
                new Variable("A", "x 'y' \"z\" $HOME `id` \\ \n\t*"),
                new Variable("A.B", "odd name"),
                new Variable("OPTIND", "no number"),
                new Variable("-u", "no option"),
                new Variable("PATH", "/nowhere")));
    assertThat(proc(started, "environ").split("\0"))
        .containsExactlyInAnyOrder(
            "A=x 'y' \"z\" $HOME `id` \\ \n\t*",
            "A.B=odd name",
            "OPTIND=no number",
            "-u=no option",
            "PATH=/nowhere",
            "HOME=" + own("HOME"),
            "USER=" + own("USER"),
            "LOGNAME=" + own("USER"),
            "SHELL=" + own("SHELL"));
  }

  private static String own(String what) {
    Accounts.User own = new Accounts(Path.of("/etc")).own();
    return switch (what) {
      case "HOME" -> own.home();
      case "USER" -> own.name();
      default -> own.shell();
    };
  }

  @Test
  void everyCharacterReachesTheProgramUnchanged() throws IOException {
    StringBuilder all = new StringBuilder();
    for (char c = 1; c < 0x180; c++) {
      all.append(c);
    }
    all.append("\u20ac\ud83d\ude00' ''' \\' $(reboot) `reboot` ${x} ; & | > < * ? ~ ! # \n }\n");
    List<String> argv = List.of("/bin/sh", "-c", "exec sleep 1000", all.toString(), "", "-n", "}");
    HamEvent.Started started =
        bench.start(
            spec(List.of("/bin/sleep", "1000"), List.of(new Variable("ALL", all + "")), ""));
    assertThat(proc(started, "environ").split("\0")).contains("ALL=" + utf8(all.toString()));
    HamEvent.Started second =
        bench.start(spec(List.of("/usr/bin/tail", "-f", "/dev/null"), List.of(), ""));
    assertThat(proc(second, "cmdline")).isEqualTo("/usr/bin/tail\0-f\0/dev/null\0");
    Path script = directory.resolve("keep");
    Files.writeString(script, "#!/bin/sh\nwhile :; do sleep 1000; done\n");
    assertThat(script.toFile().setExecutable(true)).isTrue();
    List<String> hostile = new ArrayList<>(List.of(script.toString()));
    hostile.addAll(argv.subList(3, argv.size()));
    HamEvent.Started third = bench.start(spec(hostile, List.of(), ""));
    assertThat(proc(third, "cmdline"))
        .isEqualTo("/bin/sh\0" + utf8(String.join("\0", hostile)) + "\0");
  }

  @Test
  void noDescriptorLeaksAndOutputGoesToTheLog() throws IOException {
    HamEvent.Started started = bench.start(sleeper(""));
    try (Stream<Path> fds = Files.list(Path.of("/proc/" + started.process().pid() + "/fd"))) {
      assertThat(fds.map(fd -> fd.getFileName().toString())).containsOnly("0", "1", "2");
    }
    Path fd = Path.of("/proc/" + started.process().pid(), "fd");
    assertThat(Files.readSymbolicLink(fd.resolve("0"))).hasToString("/dev/null");
    Path log = directory.resolve("log/test.log");
    assertThat(Files.readSymbolicLink(fd.resolve("1"))).isEqualTo(log.toRealPath());
    assertThat(Files.readSymbolicLink(fd.resolve("2"))).isEqualTo(log.toRealPath());
  }

  @Test
  void signalsLimitsSessionAndDirectoryAreClean() throws IOException {
    HamEvent.Started started = bench.start(sleeper(""));
    String status = proc(started, "status");
    assertThat(status)
        .containsPattern("SigIgn:\\s*0{16}")
        .containsPattern("SigBlk:\\s*0{16}")
        .containsPattern("Umask:\\s*0022");
    assertThat(proc(started, "limits")).containsPattern("Max open files\\s+77\\s+77");
    assertThat(proc(started, "oom_score_adj").strip()).isEqualTo("0");
    ProcFiles.Stat stat = bench.proc.stat(started.process().pid());
    assertThat(stat.session()).isEqualTo(started.process().pid());
    assertThat(stat.group()).isEqualTo(started.process().pid());
  }

  @Test
  void anotherUserGetsItsOwnEnvironmentAndGroupsAndNoDescriptor() throws IOException {
    Privilege.assumeRoot();
    HamEvent.Started started = bench.start(sleeper("nobody", new Variable("PWD", "/x")));
    String status = proc(started, "status");
    assertThat(status)
        .containsPattern("Uid:\\s*65534\\s+65534\\s+65534\\s+65534")
        .containsPattern("Gid:\\s*65534\\s+65534\\s+65534\\s+65534")
        .containsPattern("CapEff:\\s*0{16}");
    assertThat(Arrays.stream(proc(started, "environ").split("\0")))
        .contains("USER=nobody", "LOGNAME=nobody", "PWD=/x")
        .anyMatch(v -> v.startsWith("HOME="))
        .noneMatch(v -> v.startsWith("SHLVL="));
    // Its loader may still be reading a library.
    Path open = Path.of("/proc/" + started.process().pid() + "/fd");
    await().untilAsserted(() -> assertThat(names(open)).containsOnly("0", "1", "2"));
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  @Test
  void twoHundredStartAtOnce() {
    List<io.hamlet.core.model.EffectId> all = new ArrayList<>();
    ProcessSpec spec = ProcessSpec.of(List.of("/bin/sleep", "1000"));
    for (int i = 0; i < 200; i++) {
      all.add(bench.nextEffect());
    }
    bench.answersPreparedByGo(spec);
    bench.run(
        () ->
            all.forEach(
                id ->
                    bench.control.prepare(
                        new io.hamlet.core.recovery.Effect.Prepare(
                            id, spec, null, bench.house, true))));
    await()
        .atMost(PATIENCE)
        .until(
            () -> bench.events.stream().filter(HamEvent.Started.class::isInstance).count() == 200);
    assertThat(bench.events).noneMatch(HamEvent.Failed.class::isInstance);
  }
}
