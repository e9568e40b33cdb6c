package io.hamlet.agent;

import io.hamlet.agent.guardian.PairPage;
import io.hamlet.agent.os.Kernel;
import io.hamlet.agent.os.KernelException;
import io.hamlet.agent.os.SpawnRequest;
import io.hamlet.agent.os.SpawnRequest.Given;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a HAM starts its Guardian: the same JVM with the same options, with the listening sockets,
 * the page of the pair, and the launcher's pipe, which therefore has a writer from the Guardian's
 * first moment on.
 */
final class GuardianCommand {
  /** First of the words of {@link Main}. */
  static final String WORD = "guardian";

  /** In a Guardian: what its HAM would close too slowly while it dies, or nothing of meaning. */
  static final int KEPT = 6;

  private static final int PAGE = 5;
  private static final int FIRST_SOCKET = 8;
  private static final int PIPE = 7;

  private GuardianCommand() {}

  /**
   * What a HAM says to its Guardian.
   *
   * @param ham its pid
   * @param page of the pair; none: of a HAM that is older than this program
   * @param sockets listening descriptors of the Guardian, in the order of the API server
   */
  record Words(
      Path state,
      Path directory,
      long ham,
      Optional<Path> page,
      List<Integer> sockets,
      boolean held,
      List<String> run) {
    List<String> text() {
      List<String> all = new ArrayList<>();
      all.add(WORD);
      all.addAll(List.of("--link", state.toString(), "--directory", directory.toString()));
      all.addAll(List.of("--ham", String.valueOf(ham)));
      page.ifPresent(p -> all.addAll(List.of("--page", p.toString())));
      all.addAll(
          List.of("--sockets", String.join(",", sockets.stream().map(String::valueOf).toList())));
      all.addAll(List.of("--held", String.valueOf(held), "--"));
      all.addAll(run);
      return all;
    }

    /** Throws IllegalArgumentException for what {@link #text} does not write. */
    static Words parse(List<String> text) {
      Map<String, String> given = new LinkedHashMap<>();
      int at = 0;
      while (at + 1 < text.size() && !text.get(at).equals("--")) {
        given.put(text.get(at), text.get(at + 1));
        at += 2;
      }
      if (!given.keySet().containsAll(List.of("--link", "--directory", "--ham", "--sockets"))) {
        throw new IllegalArgumentException("a Guardian is started by its HAM: see ham run");
      }
      return new Words(
          Path.of(given.get("--link")),
          Path.of(given.get("--directory")),
          Long.parseLong(given.get("--ham")),
          Optional.ofNullable(given.get("--page")).map(Path::of),
          List.of(given.get("--sockets").split(",")).stream().map(Integer::valueOf).toList(),
          Boolean.parseBoolean(given.get("--held")),
          text.subList(Math.min(at + 1, text.size()), text.size()));
    }
  }

  /**
   * @param page descriptor of the page of the pair
   * @param sockets listening descriptors of this process
   */
  static SpawnRequest request(Kernel kernel, Launch launch, int page, List<Integer> sockets)
      throws IOException {
    Path state = launch.config().places().state();
    List<String> own = List.of(Files.readString(Path.of("/proc/self/cmdline")).split("\0"));
    List<String> argv = new ArrayList<>(own.subList(0, own.indexOf(Main.class.getName()) + 1));
    List<Given> given = new ArrayList<>();
    given.add(new Given(1, 1));
    given.add(new Given(2, 2));
    String pipe = state.resolve("launcher.up").toString();
    long up = KernelException.check(kernel.open(pipe, Kernel.O_RDWR), pipe);
    given.add(new Given((int) up, PIPE));
    given.add(new Given(page, PAGE));
    List<Integer> theirs = new ArrayList<>();
    for (int socket : sockets) {
      theirs.add(FIRST_SOCKET + theirs.size());
      given.add(new Given(socket, theirs.getLast()));
    }
    Words words =
        new Words(
            state,
            launch.directory(),
            ProcessHandle.current().pid(),
            Optional.of(PairPage.at(PAGE)),
            theirs,
            launch.held(),
            launch.words());
    argv.addAll(words.text());
    List<String> environment = new ArrayList<>();
    System.getenv().forEach((name, value) -> environment.add(name + "=" + value));
    String program = Path.of("/proc/self/exe").toRealPath().toString();
    return new SpawnRequest(program, argv, environment, given);
  }

  /**
   * The same for a Guardian that also holds a descriptor of its HAM, so that the HAM is dead before
   * the kernel is done with it.
   */
  static SpawnRequest keeping(int descriptor, SpawnRequest request) {
    List<Given> given = new ArrayList<>(request.descriptors());
    given.add(new Given(descriptor, KEPT));
    return new SpawnRequest(request.program(), request.argv(), request.environment(), given);
  }
}
