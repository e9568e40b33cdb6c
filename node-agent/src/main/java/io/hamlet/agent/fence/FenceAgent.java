package io.hamlet.agent.fence;

import io.hamlet.agent.os.Kernel;
import io.hamlet.agent.os.KernelException;
import io.hamlet.agent.os.SpawnRequest;
import io.hamlet.agent.os.SpawnRequest.Given;
import io.hamlet.manager.port.Fencing;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A command of the fence_* convention: options on its standard input, one name=value to a line;
 * exit 0 says that it is done. It is tried twice. Thread-safe.
 */
public final class FenceAgent implements Fencing {
  private static final int TRIES = 2;
  private static final int MOST_OUTPUT = 64 << 10;
  private static final int MOST_TOLD = 200;

  /** Its status comes by the pipe: whoever reaps orphans here may be faster than we. */
  private static final String SCRIPT = "\"$1\" 2>&1; echo \"$2 $?\"";

  private final Kernel kernel;
  private final Config config;
  private final Executor executor;

  /**
   * How nodes are turned off.
   *
   * @param agent absolute path of the command
   * @param action off or reboot
   * @param timeout of one try
   */
  public record Config(Path agent, String action, FenceOptions options, Duration timeout) {}

  public FenceAgent(Kernel kernel, Config config) {
    this.kernel = kernel;
    this.config = config;
    this.executor = work -> Thread.ofPlatform().name("fence").daemon().start(work);
  }

  @Override
  public CompletableFuture<Void> off(String node) {
    return CompletableFuture.runAsync(() -> turn(node, config.action, TRIES), executor);
  }

  /** Whether the agent itself works, by its action monitor. */
  public CompletableFuture<Void> monitor(String node) {
    return CompletableFuture.runAsync(() -> turn(node, "monitor", 1), executor);
  }

  private void turn(String node, String action, int tries) {
    String why = "";
    for (int i = 0; i < tries; i++) {
      why = run(config.options.input(node, action));
      if (why.isEmpty()) {
        return;
      }
    }
    throw new IllegalStateException(config.agent.getFileName() + " " + action + ": " + why);
  }

  /** Empty when it has succeeded, else why not. */
  private String run(String input) {
    long options = KernelException.check(kernel.pipe(), "pipe");
    long answer = kernel.pipe();
    String mark = Long.toHexString(kernel.bootNanos());
    boolean told = fill((int) options, input.getBytes(StandardCharsets.UTF_8));
    kernel.close((int) options);
    long pid = answer < 0 ? answer : spawn((int) (options >> 32), (int) answer, mark);
    kernel.close((int) (options >> 32));
    if (answer < 0) {
      throw new KernelException("pipe", answer);
    }
    kernel.close((int) answer);
    int out = (int) (answer >> 32);
    try {
      KernelException.check(pid, "starting " + config.agent);
      return told ? listen(out, pid, mark) : "it cannot be told so many options";
    } finally {
      kernel.close(out);
    }
  }

  /** Before anybody reads: a pipe takes 64 KiB. */
  private boolean fill(int pipe, byte[] bytes) {
    kernel.setNonBlocking(pipe);
    int written = 0;
    int n = 1;
    while (n > 0 && written < bytes.length) {
      byte[] rest = Arrays.copyOfRange(bytes, written, bytes.length);
      n = kernel.write(pipe, rest, 0, rest.length);
      written += Math.max(n, 0);
    }
    return written == bytes.length;
  }

  private long spawn(int options, int answer, String mark) {
    return kernel.spawn(
        new SpawnRequest(
            "/bin/sh",
            List.of("sh", "-c", SCRIPT, "fence", config.agent.toString(), mark),
            List.of("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"),
            List.of(new Given(options, 0), new Given(answer, 1))));
  }

  private String listen(int out, long pid, String mark) {
    Pattern ending = Pattern.compile("(?s)(.*)" + mark + " ([0-9]{1,3})\n");
    int epoll = (int) KernelException.check(kernel.epollCreate(), "epoll_create1");
    try {
      kernel.epollAdd(epoll, out, Kernel.EPOLL_IN);
      long end = kernel.bootNanos() + config.timeout.toNanos();
      StringBuilder said = new StringBuilder();
      byte[] bytes = new byte[4096];
      for (long left = end - kernel.bootNanos(); left > 0; left = end - kernel.bootNanos()) {
        int n = kernel.epollWait(epoll, new long[1], left) > 0 ? kernel.read(out, bytes) : 0;
        said.append(new String(bytes, 0, Math.max(n, 0), StandardCharsets.UTF_8));
        said.delete(0, Math.max(0, said.length() - MOST_OUTPUT));
        Matcher ended = ending.matcher(said);
        if (ended.matches()) {
          kernel.reap(pid);
          return ended.group(2).equals("0") ? "" : "exit " + ended.group(2) + last(ended.group(1));
        }
      }
      // It is the leader of its session: whatever it has started ends with it.
      kernel.kill(-pid, Kernel.SIGKILL);
      return "no answer within " + config.timeout.toMillis() + " ms";
    } finally {
      kernel.close(epoll);
    }
  }

  private static String last(String output) {
    String text = output.strip().replaceAll("\\p{Cntrl}+", " ");
    return text.isEmpty() ? "" : ": " + text.substring(Math.max(0, text.length() - MOST_TOLD));
  }
}
