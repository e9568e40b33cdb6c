package io.hamlet.agent;

import io.hamlet.agent.cli.ExitCode;
import io.hamlet.agent.cli.RunVerb;
import io.hamlet.agent.cli.UsageException;
import io.hamlet.agent.config.ConfigException;
import io.hamlet.agent.config.NodeConfig;
import io.hamlet.agent.config.Places;
import io.hamlet.agent.launcher.LauncherLink;
import io.hamlet.agent.launcher.NotifySocket;
import io.hamlet.agent.os.ffm.FfmKernel;
import io.hamlet.agent.rehearsal.Rehearsal;
import io.hamlet.manager.log.LogFull;
import io.hamlet.manager.log.StateLock;
import io.hamlet.manager.log.StateUnreadable;
import io.hamlet.manager.replica.NameTaken;
import java.io.IOException;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** From the words the launcher gives to a running node, and back to an exit status. */
final class NodeStart {
  private static final String LINK = "--link";
  private static final String HOLD = "--hold-effects";

  /** Broke while it ran: no end is said, so the launcher starts it again. */
  static final int LOST = 70;

  private NodeStart() {}

  /**
   * Never returns.
   *
   * @param words {@code --link STATE [--hold-effects]} of the launcher, then those of {@code ham
   *     run}
   */
  static void main(List<String> words) throws IOException {
    Path state = words.size() > 1 && words.getFirst().equals(LINK) ? Path.of(words.get(1)) : null;
    LauncherLink link =
        state == null
            ? LauncherLink.none()
            : LauncherLink.open(state, NotifySocket.of(new FfmKernel(), System.getenv()));
    List<String> rest = words.subList(state == null ? 0 : 2, words.size());
    boolean hold = !rest.isEmpty() && rest.getFirst().equals(HOLD);
    int status = run(hold ? rest.subList(1, rest.size()) : rest, state, link, hold);
    if (status != LOST) {
      link.end(status);
    }
    Runtime.getRuntime().halt(status);
  }

  private static int run(List<String> words, Path state, LauncherLink link, boolean hold) {
    try {
      Map<String, String> options = RunVerb.options(words);
      if (state != null) {
        // The launcher has decided already, by the same rules.
        options.put("state", state.toString());
      }
      Path directory = Path.of("").toAbsolutePath();
      NodeConfig config = NodeConfig.of(options, directory, System.getenv());
      return new NodeAgent(new Launch(config, link, hold, directory, words)).run();
    } catch (UsageException e) {
      System.err.println("ham: " + e.getMessage());
      return ExitCode.USAGE.status();
    } catch (ConfigException e) {
      e.problems().forEach(p -> System.err.println("ham: " + p));
      return (e.isUsage() ? ExitCode.USAGE : ExitCode.CONFIGURATION).status();
    } catch (StateLock.Taken | UnsupportedOperationException | SocketException e) {
      System.err.println("ham: " + e.getMessage());
      return ExitCode.REFUSED.status();
    } catch (StateUnreadable | NameTaken e) {
      System.err.println("ham: " + e.getMessage());
      return ExitCode.CONFIGURATION.status();
    } catch (IOException | LogFull e) {
      System.err.println("ham: the node cannot start: " + e.getMessage());
      return link.wasReady() ? LOST : ExitCode.CANNOT_WRITE.status();
    } catch (Exception e) {
      e.printStackTrace();
      // What never started would fail for ever if it were started again.
      return link.wasReady() ? LOST : ExitCode.REFUSED.status();
    }
  }

  /** Starts and stops a node of its own for the AOT cache; answers whether that went well. */
  static boolean rehearse() throws Exception {
    Path directory = Files.createTempDirectory("ham-rehearsal");
    // The socket is not where commands look for the node of this host.
    List<String> words =
        List.of(
            "--node=rehearsal",
            "--state=" + directory + "/state",
            "--socket=" + directory + "/ham.sock",
            "--listen=127.0.0.1:0");
    Map<String, String> options = RunVerb.options(words);
    NodeConfig config = NodeConfig.of(options, directory, System.getenv());
    Places places = config.places();
    new Drill(new FfmKernel(), directory.resolve("drill"), () -> false).run();
    return Rehearsal.ofNode(
        "unix:" + places.socket(),
        () -> new NodeAgent(new Launch(config, LauncherLink.none(), false, directory, words)).run(),
        List.of(directory, places.memory()));
  }
}
