package io.hamlet.it.sim;

import java.io.PrintStream;
import java.util.List;

/** {@code deploy/bin/sim}: runs one seed, or many; exit 0 when nothing was wrong. */
public final class SimMain {
  private static final String USAGE = "usage: sim [--seed N] [--count N]";

  private SimMain() {}

  public static void main(String[] args) {
    System.exit(run(args, System.out, System.err));
  }

  static int run(String[] args, PrintStream out, PrintStream err) {
    long seed = 1;
    long count = 1;
    try {
      for (int i = 0; i < args.length; i += 2) {
        switch (args[i]) {
          case "--seed" -> seed = Long.parseLong(args[i + 1]);
          case "--count" -> count = Long.parseLong(args[i + 1]);
          default -> throw new IllegalArgumentException(args[i]);
        }
      }
    } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException wrong) {
      err.println(USAGE);
      return 64;
    }
    int bad = 0;
    for (long s = seed; s < seed + count; s++) {
      World world = World.rough(s, FaultPlan.ROUGH);
      List<String> faults = world.run();
      out.println("seed " + s + ": " + world.summary() + ", " + faults.size() + " faults");
      faults.forEach(fault -> out.println("  " + fault));
      bad += faults.isEmpty() ? 0 : 1;
    }
    return bad == 0 ? 0 : 2;
  }
}
