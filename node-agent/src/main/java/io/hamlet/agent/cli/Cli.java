package io.hamlet.agent.cli;

import io.hamlet.client.HamException;
import java.util.ArrayList;
import java.util.List;

/** From the words of a command line to its exit code. */
public final class Cli {
  private Cli() {}

  /** Runs one command; never throws. The streams are flushed. */
  public static ExitCode run(List<String> words, Surroundings around) {
    try {
      return dispatch(words, around);
    } catch (UsageException e) {
      return failed(around, e.getMessage(), ExitCode.USAGE);
    } catch (Failure e) {
      return failed(around, e.getMessage(), e.exitCode());
    } catch (HamException e) {
      return failed(around, e.getMessage(), ExitCode.of(e));
    } catch (InterruptedException e) {
      return failed(around, "interrupted", ExitCode.NO);
    } finally {
      around.out().flush();
      around.err().flush();
    }
  }

  private static ExitCode dispatch(List<String> words, Surroundings around)
      throws InterruptedException {
    int at = Parser.findCommand(words);
    List<String> rest = new ArrayList<>(words);
    Verb verb = at < 0 ? new HelpVerb() : Commands.named(rest.remove(at));
    Args args = Parser.parse(verb.spec(), rest);
    try (Call call = new Call(args, around)) {
      if (args.has("version")) {
        call.print("ham " + version());
        return ExitCode.DONE;
      }
      if (args.has("help")) {
        call.print(at < 0 ? HelpText.overview() : HelpText.of(verb.spec()));
        return ExitCode.DONE;
      }
      if (at < 0) {
        around.err().print(HelpText.overview() + "\n");
        return ExitCode.USAGE;
      }
      return verb.run(call);
    }
  }

  /** As the build wrote it into the jar; "unknown" when run from classes. */
  static String version() {
    String version = Cli.class.getPackage().getImplementationVersion();
    return version == null ? "unknown" : version;
  }

  private static ExitCode failed(Surroundings around, String message, ExitCode code) {
    around.err().print("ham: " + message + "\n");
    return code;
  }
}
