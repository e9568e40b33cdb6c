package io.hamlet.it.live;

import io.hamlet.client.Event;
import io.hamlet.client.Ham;
import io.hamlet.client.TreeObject;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Prints what a node said and knew when a test has failed, while the node still lives. */
final class Evidence implements AfterTestExecutionCallback {
  private static final int MOST_LINES = 200;

  private final Supplier<LiveNode> node;

  Evidence(Supplier<LiveNode> node) {
    this.node = node;
  }

  @Override
  public void afterTestExecution(ExtensionContext context) {
    if (context.getExecutionException().isPresent() && node.get() != null) {
      System.err.println("--- evidence of " + context.getDisplayName());
      output();
      knowledge();
      System.err.println("--- end of evidence");
    }
  }

  private void output() {
    try {
      List<String> lines = Files.readAllLines(node.get().output());
      lines.stream().skip(Math.max(0, lines.size() - MOST_LINES)).forEach(System.err::println);
    } catch (IOException e) {
      System.err.println("no output of the node: " + e);
    }
  }

  private void knowledge() {
    Ham ham = node.get().ham().withTimeout(Duration.ofSeconds(5));
    try {
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

  private static String line(Event e) {
    return "    " + e.time() + " " + e.path() + " " + e.event() + " " + e.reason();
  }
}
