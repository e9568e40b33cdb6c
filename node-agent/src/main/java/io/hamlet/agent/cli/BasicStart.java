package io.hamlet.agent.cli;

import io.hamlet.agent.basic.BasicClient;
import io.hamlet.agent.basic.Home;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Starts the basic HA daemon behind the caller's back. */
final class BasicStart {
  private static final long STEP_MILLIS = 50;

  /** How the daemon reaches its manager. */
  private static final List<String> PASSED_ON =
      List.of("server", "node", "tls-cert", "tls-key", "tls-ca");

  private BasicStart() {}

  /** Returns when it answers; its end before that is the caller's. */
  static ExitCode behind(Call call, Home home) throws InterruptedException {
    Args args = call.args();
    String program = System.getProperty(DemoVerb.PROGRAM);
    if (program == null) {
      throw new Failure(ExitCode.CONFIGURATION, "this is started by deploy/bin/ham basic");
    }
    // A session of its own, so that it outlives the terminal.
    List<String> command = new ArrayList<>(List.of("/usr/bin/setsid", program, "basic"));
    command.add("--home=" + home.directory());
    for (String option : PASSED_ON) {
      if (args.has(option)) {
        command.add("--" + option + "=" + args.text(option));
      }
    }
    if (args.has("debug")) {
      command.add("--debug");
    }
    try {
      Files.createDirectories(home.log().getParent());
      long before = Files.exists(home.log()) ? Files.size(home.log()) : 0;
      ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
      builder.redirectInput(new File("/dev/null"));
      Process daemon =
          builder.redirectOutput(ProcessBuilder.Redirect.appendTo(home.log().toFile())).start();
      // A socket tells nobody that it appears; the end of the process wakes us at once.
      while (!daemon.waitFor(STEP_MILLIS, TimeUnit.MILLISECONDS)) {
        if (answers(home, daemon.pid())) {
          call.print("pid " + daemon.pid() + ", log " + home.log());
          return ExitCode.DONE;
        }
      }
      byte[] said = Files.readAllBytes(home.log());
      call.caller().err().write(said, (int) before, said.length - (int) before);
      return ExitCode.of(daemon.exitValue());
    } catch (IOException e) {
      throw new Failure(ExitCode.CANNOT_WRITE, home.log() + ": " + e.getMessage());
    }
  }

  private static boolean answers(Home home, long pid) {
    try {
      String answer = BasicClient.ask(home, "{\"get\":\"status\"}");
      return BasicClient.read(answer).get("pid").equals(pid);
    } catch (IOException e) {
      return false;
    }
  }
}
