package io.hamlet.agent.launcher;

import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * What a manager and the launcher say to each other. Thread-safe.
 *
 * <p>Two named pipes in the state directory, made by the launcher. {@code launcher.up} carries the
 * lines {@code ready TEXT}, {@code notice TEXT} and {@code end STATUS}; as long as any manager
 * holds it open for writing the launcher knows that the pair lives. {@code launcher.down} carries
 * {@code TERM} and {@code INT}, and {@code HELLO} of a launcher that found the pair alive and has
 * not heard {@code ready}. A launcher may go and another come; the pair lives on meanwhile.
 *
 * <p>A service manager such as systemd hears the same from us by its {@link NotifySocket}; its main
 * process stays the launcher.
 */
public final class LauncherLink {
  /** A pipe takes at least this much in one piece. */
  private static final int LONGEST_LINE = 4_000;

  /** While nobody reads, so much is said and no more: a full pipe would block the manager. */
  private static final int UNHEARD = 16_000;

  private final RandomAccessFile up;
  private final NotifySocket service;
  private final String down;
  private String ready;
  private int unheard;
  private volatile Consumer<Ask> listener;

  /** What a launcher was asked for by a signal, and hands on. Both mean: stop the node. */
  public enum Ask {
    TERM,
    INT
  }

  private LauncherLink(RandomAccessFile up, String down, NotifySocket service) {
    this.up = up;
    this.down = down;
    this.service = service;
  }

  /** No launcher, for a node that something else holds: nothing is said and nothing is heard. */
  public static LauncherLink none() {
    return new LauncherLink(null, null, NotifySocket.NONE);
  }

  /**
   * Opens both pipes; does not wait for a launcher. Throws IOException when they are not there.
   *
   * @param service hears what the launcher hears
   */
  public static LauncherLink open(Path state, NotifySocket service) throws IOException {
    // Both ways, so that opening never waits and writing never fails while no launcher reads.
    RandomAccessFile up = new RandomAccessFile(pipe(state, "launcher.up"), "rw");
    return new LauncherLink(up, pipe(state, "launcher.down"), service);
  }

  /** A launcher started the pair, and starts it again when it is lost. */
  public boolean isLaunched() {
    return up != null;
  }

  /**
   * Calls the listener for an ask that came already, and for each that comes. Only the acting HAM
   * calls this, once: what one manager has read from the pipe no other can hear.
   */
  public void onStop(Consumer<Ask> newListener) {
    listener = newListener;
    if (down != null) {
      Thread.ofPlatform().name("launcher").daemon().start(this::listen);
    }
  }

  /**
   * The node answers calls. Said by each manager that begins to act: the one before may have died
   * before it said so.
   *
   * @param text for people
   */
  public void ready(String text) {
    synchronized (this) {
      ready = text;
      say("ready " + text, false);
    }
    service.ready(text);
  }

  public synchronized boolean wasReady() {
    return ready != null;
  }

  /** The node has been told to end, and begins to. */
  public void stopping() {
    service.stopping("the node ends; its entities run on unless they were to end too");
  }

  /** For people. */
  public void notice(String text) {
    say("notice " + text, false);
  }

  /** The node ends for good: the launcher exits with this status once both managers are gone. */
  public void end(int status) {
    if (status < 0 || status > 255) {
      throw new IllegalArgumentException("no exit status: " + status);
    }
    say("end " + status, true);
  }

  private synchronized void say(String text, boolean always) {
    if (up == null) {
      return;
    }
    byte[] line = (text.replaceAll("\\p{Cntrl}", " ") + "\n").getBytes(StandardCharsets.UTF_8);
    if (line.length > LONGEST_LINE || (!always && unheard + line.length > UNHEARD)) {
      return;
    }
    unheard += line.length;
    try {
      up.write(line);
    } catch (IOException e) {
      // Nobody is there to hear that nobody is there.
      unheard = UNHEARD;
    }
  }

  private void listen() {
    while (true) {
      // Waits here until a launcher opens the other end; end of file says that it has gone.
      try (BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(new FileInputStream(down), StandardCharsets.UTF_8))) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          heard(line);
        }
      } catch (IOException e) {
        notice("the pipe from the launcher is gone: " + e.getMessage());
        return;
      }
    }
  }

  private void heard(String line) {
    String text;
    synchronized (this) {
      unheard = 0;
      text = ready;
    }
    switch (line) {
      case "TERM" -> listener.accept(Ask.TERM);
      case "INT" -> listener.accept(Ask.INT);
      case "HELLO" -> {
        if (text != null) {
          ready(text);
        }
      }
      default -> {}
    }
  }

  private static String pipe(Path state, String name) throws IOException {
    Path pipe = state.resolve(name);
    // Opening for writing would make a plain file where there is no pipe.
    if (!java.nio.file.Files.exists(pipe)) {
      throw new IOException(pipe + " is not there: a node is started by ham run");
    }
    return pipe.toString();
  }
}
