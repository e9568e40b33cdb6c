package io.hamlet.it.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The archive, unpacked elsewhere, without a PATH, an environment, or a JDK of its user. */
class BasicArchiveIT {
  @TempDir Path directory;

  @Test
  void itRunsWhereItIsUnpackedWithNothingAroundIt() throws Exception {
    Path archive = directory.resolve("basic.tar.gz");
    run(LiveNode.program().resolveSibling("pack").toString(), archive.toString());
    run("tar", "-C", directory.toString(), "-xzf", archive.toString());
    Path top = directory.resolve("hamlet-basic");
    // The home is where it was unpacked, so that none is named.
    Path bare = directory.resolve("bare");
    Files.writeString(bare, "#!/bin/bash\nexec env -i PATH= " + top + "/bin/ham \"$@\"\n");
    assertThat(bare.toFile().setExecutable(true)).isTrue();
    try (BasicHome home = new BasicHome(top, bare)) {
      assertThat(home.ham(List.of("basic", "check-config")).is(0).text()).doesNotContain("warning");
      home.options("--node=archive").start();
      Path java = Path.of("/proc/" + home.pid() + "/exe").toRealPath();
      assertThat(java).isEqualTo(top.toRealPath().resolve("runtime/bin/java"));
      home.file("var/host1", "master\n").file("var/host2", "slave\n");
      home.awaitState("host2", "slave");
      Files.delete(top.resolve("var/host1"));
      home.file("var/host2", "master\n");
      home.awaitTold("sequence-done", "slave_to_master");
      assertThat(Files.readString(top.resolve("var/actions.log")))
          .containsSubsequence("stopservice1", "unplumb", "plumb host", "startservice1");
    }
  }

  private void run(String... command) throws Exception {
    File out = directory.resolve("out").toFile();
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out).start();
    assertThat(process.waitFor(300, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(out.toPath())).isZero();
  }
}
