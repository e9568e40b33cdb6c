package io.hamlet.it.crash;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** What can befall a manager from within. */
public enum Plight {
  /** Something takes all of its heap, and more. */
  HEAP {
    @Override
    void live() {
      List<byte[]> all = new ArrayList<>();
      while (true) {
        all.add(new byte[LARGE]);
      }
    }
  },

  /** Its heap is all but full, so that it collects without end and never runs out. */
  COLLECTION {
    @Override
    void live() {
      List<byte[]> all = new ArrayList<>();
      fill(all, LARGE);
      fill(all, SMALL);
      // Enough for others to go on, if slowly.
      all.subList(all.size() - SPARE, all.size()).clear();
      while (true) {
        kept = new byte[SMALL];
      }
    }

    private void fill(List<byte[]> all, int size) {
      Runtime jvm = Runtime.getRuntime();
      while (jvm.maxMemory() - jvm.totalMemory() + jvm.freeMemory() > 4L * size + MARGIN) {
        all.add(new byte[size]);
      }
    }
  },

  /** Its core thread waits for a lock, whose holder waits for one of the core thread. */
  DEADLOCK {
    @Override
    void live() throws InterruptedException {
      synchronized (LEFT) {
        CORE_IS_HERE.await();
        synchronized (RIGHT) {
          throw new IllegalStateException("no deadlock");
        }
      }
    }
  };

  private static final int LONGEST_TURN = 30;
  private static final int LARGE = 1 << 20;
  private static final int SMALL = 1 << 14;
  private static final int SPARE = 8;
  private static final int MARGIN = 1 << 18;
  private static final Object LEFT = new Object();
  private static final Object RIGHT = new Object();
  private static final CountDownLatch CORE_IS_HERE = new CountDownLatch(1);

  /** Seen by others, so that nobody may leave the allocation out. */
  static volatile byte[] kept;

  abstract void live() throws InterruptedException;

  void begin() {
    Thread.ofPlatform()
        .daemon()
        .name("plight-" + name().toLowerCase(java.util.Locale.ROOT))
        .start(
            () -> {
              try {
                live();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
  }

  /** Returns when the core thread can go on no more. */
  static void awaitCore() throws InterruptedException {
    if (!CORE_IS_HERE.await(LONGEST_TURN, TimeUnit.SECONDS)) {
      throw new IllegalStateException("the core thread took no turn in " + LONGEST_TURN + " s");
    }
  }

  /** Called by the changed class, on the core thread. */
  public static void meet() {
    synchronized (RIGHT) {
      CORE_IS_HERE.countDown();
      synchronized (LEFT) {
        throw new IllegalStateException("no deadlock");
      }
    }
  }
}
