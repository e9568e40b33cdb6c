package io.hamlet.it.live;

import io.hamlet.client.Event;
import io.hamlet.client.Ham;
import io.hamlet.client.TreeObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Prints what nodes said and knew when a test has failed, while they still live. */
final class Evidence implements AfterTestExecutionCallback {
  private static final int MOST_LINES = 200;

  private final Supplier<List<LiveNode>> nodes;

  private Evidence(Supplier<List<LiveNode>> nodes) {
    this.nodes = nodes;
  }

  /**
   * @param node gives null: there is none
   */
  static Evidence of(Supplier<LiveNode> node) {
    return new Evidence(() -> Stream.ofNullable(node.get()).toList());
  }

  /**
   * @param nodes some may be null: those are not there
   */
  static Evidence ofNodes(Supplier<Stream<LiveNode>> nodes) {
    return new Evidence(() -> nodes.get().filter(Objects::nonNull).toList());
  }

  /**
   * @param cluster gives null: there is none
   */
  static Evidence ofAll(Supplier<LiveCluster> cluster) {
    return new Evidence(() -> cluster.get() == null ? List.of() : cluster.get().nodes());
  }

  @Override
  public void afterTestExecution(ExtensionContext context) {
    if (context.getExecutionException().isPresent()) {
      for (LiveNode node : nodes.get()) {
        System.err.println("--- evidence of " + node.name() + " in " + context.getDisplayName());
        output(node);
        knowledge(node);
        threads(node);
        System.err.println("--- end of evidence");
      }
    }
  }

  private static void output(LiveNode node) {
    try {
      List<String> lines = Files.readAllLines(node.output());
      lines.stream().skip(Math.max(0, lines.size() - MOST_LINES)).forEach(System.err::println);
    } catch (IOException e) {
      System.err.println("no output of the node: " + e);
    }
  }

  private static void knowledge(LiveNode node) {
    Ham ham = node.ham().withTimeout(Duration.ofSeconds(5));
    try {
      System.err.println(ham.status());
      for (TreeObject o : ham.read("", 2).objects()) {
        System.err.println(
            o.path() + " " + o.type() + " pid " + o.pid() + " " + o.state() + " " + o.lastExit());
        if (o.kind() == TreeObject.Kind.ENTITY && !o.path().startsWith(".")) {
          ham.why(o.path()).events().stream().map(Evidence::line).forEach(System.err::println);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      System.err.println("the node does not tell: " + e);
    }
  }

  /** What its acting HAM is at, by the tools of the JDK that runs this test. */
  private static void threads(LiveNode node) {
    try {
      long pid = node.ham().withTimeout(Duration.ofSeconds(5)).status().ham().pid();
      String tool = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
      Said said =
          Said.run(Map.of(), List.of("timeout", "10", tool, Long.toString(pid), "Thread.print"));
      System.err.println(said.out());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException | RuntimeException e) {
      System.err.println("no threads of the node: " + e.getMessage());
    }
  }

  private static String line(Event e) {
    return "    " + e.time() + " " + e.path() + " " + e.event() + " " + e.reason();
  }
}
