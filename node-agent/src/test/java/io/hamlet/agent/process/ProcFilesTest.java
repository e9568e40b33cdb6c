package io.hamlet.agent.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.agent.os.ffm.FfmKernel;
import io.hamlet.core.model.ProcessId;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process as its stat file shows it, whatever it is called. */
class ProcFilesTest {
  /** As many characters as the kernel keeps. */
  private static final String NAME = "a) Z 0 (b) R 7 ";

  @TempDir Path directory;
  private final ProcFiles proc = new ProcFiles(new FfmKernel());

  @Test
  void aNameMayLookLikeFields() throws Exception {
    Path program = Files.copy(Path.of("/bin/sleep"), directory.resolve(NAME));
    Process process = new ProcessBuilder(program.toString(), "1000").start();
    long pid = process.pid();
    try {
      String text = Files.readString(Path.of("/proc/" + pid + "/stat"));
      String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ");
      assertThat(text).contains("(" + NAME + ")");

      ProcFiles.Stat stat = proc.stat(pid);

      assertThat(stat.parent()).isEqualTo(ProcessHandle.current().pid());
      assertThat(stat.group()).isEqualTo(Long.parseLong(fields[2]));
      assertThat(stat.session()).isEqualTo(Long.parseLong(fields[3]));
      assertThat(stat.startTime()).isEqualTo(Long.parseLong(fields[19]));
      assertThat(stat.kernel()).isFalse();
      assertThat(stat.isDead()).isFalse();
      assertThat(proc.isThere(new ProcessId(pid, stat.startTime()))).isTrue();
      assertThat(proc.isThere(new ProcessId(pid, stat.startTime() + 1))).isFalse();
    } finally {
      process.destroyForcibly().waitFor();
    }
    assertThat(proc.stat(pid)).isNull();
  }
}
