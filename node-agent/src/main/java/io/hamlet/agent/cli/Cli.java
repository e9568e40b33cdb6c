package io.hamlet.agent.cli;

import io.hamlet.client.HamException;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.LogManager;

/** From the words of a command line to its exit code. */
public final class Cli {
  private Cli() {}

  /** Runs one command; never throws. The streams are flushed. Answers the exit status. */
  public static int run(List<String> words, Caller caller) {
    try {
      return dispatch(words, caller);
    } catch (UsageException e) {
      return failed(caller, e.getMessage(), ExitCode.USAGE);
    } catch (Failure e) {
      return failed(caller, e.getMessage(), e.exitCode());
    } catch (HamException.Unavailable e) {
      String hint = "; start a node (ham run), or name one (--server, HAM_SERVER)";
      return failed(caller, e.getMessage() + hint, ExitCode.of(e));
    } catch (HamException e) {
      return failed(caller, e.getMessage(), ExitCode.of(e));
    } catch (InterruptedException e) {
      return failed(caller, "interrupted", ExitCode.NO);
    } finally {
      caller.out().flush();
      caller.err().flush();
    }
  }

  private static int dispatch(List<String> words, Caller caller) throws InterruptedException {
    int at = Parser.findCommand(words);
    List<String> rest = new ArrayList<>(words);
    Verb verb = at < 0 ? new HelpVerb() : Commands.named(rest.remove(at));
    Args args = Parser.parse(verb.spec(), rest);
    try (Call call = new Call(args, caller)) {
      if (args.has("version")) {
        call.print("ham " + version());
        return ExitCode.DONE.status();
      }
      if (args.has("help")) {
        call.print(at < 0 ? HelpText.overview() : HelpText.of(verb.spec()));
        return ExitCode.DONE.status();
      }
      if (at < 0) {
        caller.err().print(HelpText.overview() + "\n");
        return ExitCode.USAGE.status();
      }
      // What libraries have to say is said by our own messages, or by nobody.
      LogManager.getLogManager().reset();
      return verb.status(call);
    }
  }

  /** As the build wrote it into the jar; "unknown" when run from classes. */
  static String version() {
    String version = Cli.class.getPackage().getImplementationVersion();
    return version == null ? "unknown" : version;
  }

  private static int failed(Caller caller, String message, ExitCode code) {
    caller.err().print("ham: " + message + "\n");
    return code.status();
  }
}
