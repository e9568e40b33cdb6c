package io.hamlet.client;

import io.hamlet.client.internal.Campaign;
import io.hamlet.client.internal.ClusterCalls;
import io.hamlet.client.internal.Session;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;

/**
 * A connection to a High Availability Manager, and the way to everything else. Thread-safe.
 *
 * <p>Calls block until they are answered or time out. They are repeated by themselves, and done
 * once, while a manager is taken over. When a manager does not come back another of its cluster is
 * asked, which was given or is learnt; what is meant for a node stays meant for it. They throw
 * {@link HamException}; an interrupt ends a call with {@link InterruptedException}, after which it
 * may or may not have been done, and harms nothing else.
 */
public final class Ham implements AutoCloseable {
  private static final Duration LEAD_SPAN = Duration.ofSeconds(3);

  private final Session session;

  private Ham(Session session) {
    this.session = session;
  }

  /**
   * Connects, lazily: the first call finds out whether somebody is there.
   *
   * @param addresses {@code unix:PATH} or {@code HOST:PORT}, each may be a comma list; none: the
   *     environment variable HAM_SERVER. Over TCP with TLS if HAM_TLS_CERT, HAM_TLS_KEY and
   *     HAM_TLS_CA are set
   */
  public static Ham connect(String... addresses) {
    return connect(Tls.of(System.getenv()), addresses);
  }

  /**
   * As above.
   *
   * @param tls null: TCP without TLS, which managers serve on loopback only
   */
  public static Ham connect(Tls tls, String... addresses) {
    return new Ham(Session.open(tls, addresses));
  }

  /**
   * The same connection with another node meant; {@code *}: the cluster tree (ham_connect_node).
   */
  public Ham connectNode(String node) {
    return new Ham(session.withNode(node));
  }

  /** The same connection with another acknowledgement level asked for; null: the node's default. */
  public Ham withAck(Ack ack) {
    return new Ham(session.withAck(ack));
  }

  /**
   * The same connection whose reads know of every change that was answered before they were asked.
   * Of the cluster tree each is an entry of its log then, and needs a majority of the voters.
   * Without it a manager answers such a read from what it has: later reads at the same manager are
   * never older, and those at another may be, by a moment.
   */
  public Ham withLatest() {
    return new Ham(session.withLatest());
  }

  /** The same connection with another limit for each call; 10 s at first. */
  public Ham withTimeout(Duration timeout) {
    return new Ham(session.withTimeout(timeout));
  }

  /** Starts a command as an entity, and keeps it watched (ham_attach). */
  public Entity attach(String name, Command command, Flag.OfEntity... flags)
      throws InterruptedException {
    return session.attach(name, 0, command, flags);
  }

  /**
   * Adopts a running process (ham_attach with a pid).
   *
   * @param again how to start it after a death; null: only restart actions with a command can
   */
  public Entity adopt(String name, long pid, Command again, Flag.OfEntity... flags)
      throws InterruptedException {
    return session.attach(name, pid, again, flags);
  }

  /**
   * This process becomes an entity (ham_attach_self).
   *
   * @param heartbeat null: it does not beat
   */
  public SelfAttachment attachSelf(String name, Heartbeat heartbeat, Flag.OfEntity... flags)
      throws InterruptedException {
    return session.attachSelf(name, heartbeat, flags);
  }

  /** Makes a placeholder: conditions can stand under it before the process exists (ham_entity). */
  public Entity entity(String name, Flag.OfEntity... flags) throws InterruptedException {
    return session.createEntity(name, flags);
  }

  /** The entity that has that name at the time of each call; asks nobody. */
  public Entity named(String entity) {
    return session.named(entity);
  }

  /** The object that has that path at the time of each call; its kind is told by the path. */
  public HamObject at(String path) {
    return session.at(path);
  }

  /** A handle to an object that exists (ham_entity_handle and the like). */
  public HamObject handle(String path) throws InterruptedException {
    return session.handle(path);
  }

  /**
   * Reads the tree.
   *
   * @param path where to begin; empty: the root
   * @param depth levels below it; 0: only itself; -1: all
   */
  public Tree read(String path, int depth) throws InterruptedException {
    return session.read(path, depth);
  }

  public Status status() throws InterruptedException {
    return session.status(false);
  }

  /** With the digest of the state, which costs the manager some work. */
  public Status statusWithDigest() throws InterruptedException {
    return session.status(true);
  }

  /** Begins to watch; what happens after this returns is told. It must be closed. */
  public EventStream watch(WatchSpec spec) throws InterruptedException {
    return session.watch(spec);
  }

  /** What led to the last change of an entity. */
  public Why why(String entity) throws InterruptedException {
    return session.why(entity);
  }

  /**
   * The captured output of an entity. Reading blocks as files do; close it from any thread. It ends
   * with an IOException when the connection breaks.
   *
   * @param follow wait for more at the end
   * @param tailBytes only the last so many bytes; 0: all that is kept
   */
  public InputStream output(String entity, boolean follow, long tailBytes)
      throws InterruptedException {
    return session.output(entity, follow, tailBytes);
  }

  /** Opens a channel for pulses to this process. */
  public PulseChannel openChannel() throws InterruptedException {
    return session.openChannel();
  }

  /** The verbosity of the activity log (ham_verbose). */
  public int verbosity() throws InterruptedException {
    return session.verbosity(Session.LevelVerb.GET, 0).value();
  }

  /** Sets it; answers with the level that results. */
  public Answer<Integer> setVerbosity(int level) throws InterruptedException {
    return session.verbosity(Session.LevelVerb.SET, level);
  }

  /** Raises it, or lowers it by a negative number. */
  public Answer<Integer> changeVerbosity(int by) throws InterruptedException {
    return session.verbosity(
        by < 0 ? Session.LevelVerb.DECREASE : Session.LevelVerb.INCREASE, Math.absExact(by));
  }

  /** Suspends or resumes all heartbeat checks; answers whether they were suspended before. */
  public Answer<Boolean> heartbeats(HeartbeatControl verb) throws InterruptedException {
    return session.heartbeats(verb);
  }

  /**
   * Leads under a name when its time comes, and again when it comes again, until that is closed or
   * the work is done: of all programs in the cluster that lead under it one does at a time. If this
   * process dies or hangs, another leads within about 4 s.
   *
   * @param name as that of an entity; it is no entity
   * @param work runs while this program leads
   * @throws IllegalStateException there is no /proc/uptime here, which is its clock
   */
  public Leadership lead(String name, LeaderWork work) {
    return lead(name, LEAD_SPAN, work);
  }

  /**
   * As above.
   *
   * @param span how long it leads without being able to renew that, 500 ms to a minute; whoever is
   *     next waits a quarter longer, and at least 100 ms
   */
  public Leadership lead(String name, Duration span, LeaderWork work) {
    return Campaign.begin(session.withNode("*"), name, span, work);
  }

  /** What can be asked of the cluster as a whole. */
  public Cluster cluster() {
    return new Cluster(new ClusterCalls(session.withNode("*")));
  }

  /** Takes a node that is lost, or was stopped, from the list of the cluster's nodes. */
  public Receipt forget(String gone) throws InterruptedException {
    return session.withNode("*").forget(gone);
  }

  /** Ends the node; its entities run on (ham_stop). */
  public Receipt stop() throws InterruptedException {
    return session.stop(false, Duration.ZERO);
  }

  /**
   * Ends the node and its entities.
   *
   * @param killAfter between TERM and KILL; zero: 10 s
   */
  public Receipt stopWithEntities(Duration killAfter) throws InterruptedException {
    return session.stop(true, killAfter);
  }

  Session session() {
    return session;
  }

  /** The addresses this connection was made with, and those it has learnt since. */
  public List<String> addresses() {
    return session.addresses();
  }

  /** Ends the connection, for all that came from it. Entities are not touched. */
  @Override
  public void close() {
    session.close();
  }
}
