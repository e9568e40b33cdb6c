package io.hamlet.agent.basic;

import io.hamlet.agent.basic.StartFailure.Kind;
import io.hamlet.agent.basic.conf.BasicConfig;
import io.hamlet.agent.basic.conf.Fault;
import io.hamlet.agent.basic.conf.Nodes;
import io.hamlet.agent.basic.core.BasicState;
import io.hamlet.agent.basic.core.Happening.Level;
import io.hamlet.agent.os.ffm.FfmKernel;
import io.hamlet.client.Ham;
import io.hamlet.client.HamException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Starts the basic HA daemon and tidies up after it.
 *
 * @param program path of {@code ham}, for a node of its own
 * @param node name of the node this runs on
 * @param server the manager to use, closed with the daemon; null: a node of its own
 * @param json writes maps, lists and plain values as JSON on one line
 * @param log gets what happens
 * @param debug with what only few want to know
 */
public record Basic(
    Home home,
    Path program,
    String node,
    Ham server,
    Function<Object, String> json,
    PrintStream log,
    boolean debug) {
  private static final long STOP_SECONDS = 20;

  /** Runs in this thread until it is stopped: by TERM, INT, or {@code ham basic stop}. */
  public void run() throws StartFailure, InterruptedException {
    List<Fault> faults = new ArrayList<>();
    Set<String> members = members();
    BasicConfig config = home.read(new Nodes(node, members), faults);
    if (!faults.isEmpty()) {
      List<String> messages = faults.stream().map(Fault::toString).toList();
      throw new StartFailure(Kind.CONFIGURATION, messages);
    }
    try {
      Files.createDirectories(home.var());
      Path probe = Files.createTempFile(home.var(), "probe", "");
      Files.delete(probe);
    } catch (IOException e) {
      throw failure(Kind.CANNOT_WRITE, home.var() + " cannot be written: " + e.getMessage());
    }
    try (PidFile mine = PidFile.take(home.pidFile())) {
      mine.write();
      Journal journal = new Journal(log, debug);
      if (server == null) {
        runWithOwnNode(config, journal);
      } else {
        run(config, journal, server);
      }
    } catch (PidFile.Taken e) {
      throw failure(Kind.TAKEN, e.getMessage());
    } catch (IOException e) {
      throw failure(Kind.CANNOT_WRITE, home.var() + ": " + e.getMessage());
    }
  }

  /** Of the cluster that the manager belongs to, as far as they are known. */
  private Set<String> members() throws StartFailure, InterruptedException {
    try {
      return server == null
          ? new OwnNode(program, home, node).voters()
          : ClusterThread.members(server);
    } catch (HamException e) {
      throw failure(Kind.NO_MANAGER, e.getMessage());
    } catch (IOException e) {
      throw failure(Kind.CONFIGURATION, e.getMessage());
    }
  }

  private void runWithOwnNode(BasicConfig config, Journal journal)
      throws IOException, StartFailure, InterruptedException {
    OwnNode own = new OwnNode(program, home, node);
    Ham ham;
    try {
      ham = own.start();
    } catch (IOException e) {
      throw failure(Kind.NO_MANAGER, e.getMessage());
    }
    try (own) {
      run(config, journal, ham);
    } finally {
      try {
        ham.stop();
        own.awaitEnd();
      } catch (HamException e) {
        journal.tell(Level.WARNING, "node-not-stopped", e.getMessage());
      }
      ham.close();
    }
  }

  private void run(BasicConfig config, Journal journal, Ham ham)
      throws IOException, InterruptedException {
    Database database = new Database(home.database(), json);
    BasicState before = read(database, journal);
    Set<String> members = ClusterThread.members(ham);
    BasicDaemon daemon =
        new BasicDaemon(home, node, ham, new FfmKernel(), journal, database, before, json, members);
    CountDownLatch ended = new CountDownLatch(1);
    Thread hook =
        new Thread(
            () -> {
              daemon.stop();
              await(ended);
            });
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      daemon.run(config);
    } finally {
      ended.countDown();
    }
  }

  private static BasicState read(Database database, Journal journal) throws IOException {
    try {
      return database.read();
    } catch (IOException | IllegalArgumentException | ArithmeticException e) {
      Path aside = database.moveAside(System.currentTimeMillis());
      String text = e.getMessage() + "; all begin as unknown, and it is kept as " + aside;
      journal.tell(Level.ERROR, "database-unreadable", text);
      return BasicState.NEW;
    }
  }

  /** Long enough for the node to be stopped too: the JVM ends when its hooks have. */
  private static void await(CountDownLatch ended) {
    try {
      ended.await(STOP_SECONDS, TimeUnit.SECONDS);
      TimeUnit.SECONDS.sleep(STOP_SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static StartFailure failure(Kind kind, String message) {
    return new StartFailure(kind, List.of(message));
  }
}
