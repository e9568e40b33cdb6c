package io.hamlet.it.sim;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** {@code deploy/bin/sim}: runs one seed, or many; exit 0 when nothing was wrong. */
public final class SimMain {
  private static final String USAGE =
      "usage: sim [--cluster [--plain]] [--seed N] [--count N] [--trace FILE]";

  private static final int BETWEEN_COLLECTIONS = 100;

  private SimMain() {}

  public static void main(String[] args) {
    System.exit(run(args, System.out, System.err));
  }

  static int run(String[] args, PrintStream out, PrintStream err) {
    long seed = 1;
    long count = 1;
    boolean cluster = false;
    Shape shape = Shape.WIDE;
    String trace = "/dev/null";
    try {
      for (int i = 0; i < args.length; i++) {
        switch (args[i]) {
          case "--cluster" -> cluster = true;
          case "--plain" -> shape = Shape.PLAIN;
          case "--seed" -> seed = Long.parseLong(args[++i]);
          case "--count" -> count = Long.parseLong(args[++i]);
          case "--trace" -> trace = args[++i];
          default -> throw new IllegalArgumentException(args[i]);
        }
      }
    } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException wrong) {
      err.println(USAGE);
      return 64;
    }
    List<Long> bad = new ArrayList<>();
    for (long s = seed; s < seed + count; s++) {
      if ((s - seed) % BETWEEN_COLLECTIONS == BETWEEN_COLLECTIONS - 1) {
        // What a process had open that was killed is closed when it is collected, as by a kernel.
        System.gc();
      }
      List<String> faults = cluster ? ofCluster(s, shape, trace, out) : ofNode(s, out);
      faults.forEach(fault -> out.println("  " + fault));
      if (!faults.isEmpty()) {
        bad.add(s);
      }
    }
    if (count > 1) {
      out.println(count + " seeds, " + bad.size() + " of them with faults " + bad);
    }
    return bad.isEmpty() ? 0 : 2;
  }

  private static List<String> ofNode(long seed, PrintStream out) {
    World world = World.rough(seed, FaultPlan.ROUGH);
    List<String> faults = world.run();
    out.println("seed " + seed + ": " + world.summary() + ", " + faults.size() + " faults");
    return faults;
  }

  private static List<String> ofCluster(long seed, Shape shape, String trace, PrintStream out) {
    try (SimFiles files = new SimFiles();
        BufferedWriter lines = Files.newBufferedWriter(Path.of(trace))) {
      ClusterWorld world = new ClusterWorld(seed, files.directory(), shape, Flaw.NONE, lines);
      List<String> faults = world.run();
      out.println("seed " + seed + ": " + world.summary() + ", " + faults.size() + " faults");
      out.println("  " + world.trace.digest());
      return faults;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
