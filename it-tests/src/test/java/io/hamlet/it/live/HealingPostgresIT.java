package io.hamlet.it.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.client.Command;
import io.hamlet.client.recovery.jdbc.HaDataSource;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.postgresql.ds.PGSimpleDataSource;

/** A PostgreSQL that is killed under its users, by way of JDBC. */
class HealingPostgresIT extends LiveTest {
  private static final int THREADS = 64;
  private static final int KILLS = 4;

  private final Set<String> done = ConcurrentHashMap.newKeySet();
  private final Set<String> unknown = ConcurrentHashMap.newKeySet();
  private final ConcurrentLinkedQueue<Throwable> failed = new ConcurrentLinkedQueue<>();
  private final AtomicLong answers = new AtomicLong();
  private volatile boolean enough;
  private final PGSimpleDataSource driver = new PGSimpleDataSource();
  private HaDataSource source;
  private long pid;

  @BeforeEach
  void aDatabase() throws Exception {
    Needs.root();
    Path initdb = Needs.postgres("initdb");
    int port = Programs.freePort();
    String user = node.run(Map.of(), "id", "postgres") == 0 ? "postgres" : "nobody";
    Path data = directory.resolve("data");
    node.run(Map.of(), "install", "-d", "-m", "700", "-o", user, data.toString());
    List<String> init =
        new ArrayList<>(List.of("setpriv", "--reuid", user, "--regid", user, "--clear-groups"));
    init.addAll(List.of(initdb.toString(), "-D", data.toString(), "-N", "-A", "trust"));
    assertThat(node.run(Map.of("PWD", "/"), init.toArray(String[]::new))).isZero();
    String program = initdb.resolveSibling("postgres").toString();
    Command command =
        Command.builder(List.of(program, "-D", data.toString(), "-p", "" + port, "-h", "127.0.0.1"))
            .user(user)
            .directory(data.toString())
            .build();
    pid = watched("db", command).pid();
    driver.setServerNames(new String[] {"127.0.0.1"});
    driver.setPortNumbers(new int[] {port});
    driver.setUser(user);
    driver.setDatabaseName("postgres");
    source = HaDataSource.over(driver).repeating(sql -> sql.startsWith("select"));
    Until.isTrue("postgres answers", () -> ask("create table op (id text)"));
  }

  @Test
  void statementsAndTransactionsAreNeverAppliedTwice(TestReporter reporter) throws Exception {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      String name = "t" + i;
      threads.add(
          Thread.startVirtualThread(i % 2 == 0 ? () -> insert(name) : () -> transact(name)));
    }
    for (int kill = 0; kill < KILLS; kill++) {
      long before = answers.get();
      Until.isTrue("work goes on", () -> answers.get() > before + 500);
      kill();
    }
    long before = answers.get();
    Until.isTrue("work goes on", () -> answers.get() > before + 500);
    enough = true;
    for (Thread thread : threads) {
      assertThat(thread.join(Duration.ofSeconds(90))).isTrue();
    }
    assertThat(failed).isEmpty();
    check();
    reporter.publishEntry("calls", done.size() + " done, " + unknown.size() + " unknown");
  }

  @Test
  void aTransactionFailsOnceAndSettingsAndStatementsComeBack() throws Exception {
    try (Connection c = source.getConnection();
        PreparedStatement insert = c.prepareStatement("insert into op values (?)")) {
      c.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
      c.setAutoCommit(false);
      insert.setString(1, "lost");
      insert.executeUpdate();
      kill();
      assertThat(state(insert)).isEqualTo("40001");
      insert.setString(1, "kept");
      insert.executeUpdate();
      c.commit();
      assertThat(c.getTransactionIsolation()).isEqualTo(Connection.TRANSACTION_SERIALIZABLE);
      assertThat(c.getAutoCommit()).isFalse();
      insert.executeUpdate();
      kill();
      c.rollback();
      try (ResultSet all = c.createStatement().executeQuery("select id from op")) {
        assertThat(all.next()).isTrue();
        assertThat(all.getString(1)).isEqualTo("kept");
        assertThat(all.next()).isFalse();
      }
    }
  }

  private static String state(PreparedStatement insert) {
    try {
      insert.executeUpdate();
      return "done";
    } catch (SQLException e) {
      return e.getSQLState();
    }
  }

  private void kill() {
    Proc.signal("KILL", pid);
    pid = successor("db", pid);
  }

  /** Single statements: those in flight are unknown, and all that read succeed. */
  private void insert(String name) {
    try (Connection c = source.getConnection();
        PreparedStatement insert = c.prepareStatement("insert into op values (?)");
        PreparedStatement count = c.prepareStatement("select count(*) from op where id = ?")) {
      for (int i = 0; !enough; i++) {
        String id = name + "-" + i;
        insert.setString(1, id);
        try {
          insert.executeUpdate();
          done.add(id);
        } catch (SQLException e) {
          note(id, e, "08007");
        }
        count.setString(1, id);
        count.executeQuery().close();
        answers.incrementAndGet();
      }
    } catch (Throwable e) {
      failed.add(e);
    }
  }

  /** Transactions: one that fails is begun again, one whose commit is unknown is not. */
  private void transact(String name) {
    try (Connection c = source.getConnection();
        PreparedStatement insert = c.prepareStatement("insert into op values (?)")) {
      c.setAutoCommit(false);
      for (int i = 0; !enough; i++) {
        String id = name + "-" + i;
        while (!transaction(c, insert, id)) {
          Thread.onSpinWait();
        }
        answers.incrementAndGet();
      }
    } catch (Throwable e) {
      failed.add(e);
    }
  }

  private boolean transaction(Connection c, PreparedStatement insert, String id)
      throws SQLException {
    try {
      insert.setString(1, id);
      insert.executeUpdate();
      c.commit();
      done.add(id);
      return true;
    } catch (SQLException e) {
      if (e.getSQLState().equals("40001")) {
        return false;
      }
      note(id, e, "08007");
      return true;
    }
  }

  private void note(String id, SQLException error, String expected) throws SQLException {
    if (!expected.equals(error.getSQLState())) {
      throw error;
    }
    unknown.add(id);
  }

  private void check() throws SQLException {
    Set<String> there = new HashSet<>();
    try (Connection c = driver.getConnection();
        Statement all = c.createStatement();
        ResultSet ids = all.executeQuery("select id from op")) {
      while (ids.next()) {
        assertThat(there.add(ids.getString(1))).as(ids.getString(1) + " once").isTrue();
      }
    }
    assertThat(there).containsAll(done);
    there.removeAll(done);
    assertThat(unknown).containsAll(there);
  }

  private boolean ask(String sql) throws SQLException {
    try (Connection c = driver.getConnection();
        Statement s = c.createStatement()) {
      s.execute(sql);
      return true;
    }
  }
}
