package io.hamlet.manager.consensus;

import io.hamlet.manager.port.Consensus;
import io.hamlet.manager.tls.KeyFiles;
import io.hamlet.manager.tls.OnlyManagers;
import io.hamlet.manager.tls.OwnKey;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.grpc.GrpcTlsConfig;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.thirdparty.io.netty.handler.ssl.SslProvider;
import org.apache.ratis.util.ExitUtils;
import org.apache.ratis.util.SizeInBytes;
import org.apache.ratis.util.TimeDuration;

/** What Ratis is told: small buffers, each write on the disk before it counts, short timeouts. */
final class VoterSettings {
  /** The longest command with what Ratis writes around it. */
  private static final SizeInBytes ENTRY = SizeInBytes.valueOf(Consensus.MOST_BYTES + (64 << 10));

  private static final String SHADED = "org.apache.ratis.thirdparty.io.netty.";

  private VoterSettings() {}

  /** Kept, for a logger that nobody holds forgets its level. */
  private static final Logger INNER = Logger.getLogger("org.apache.ratis.thirdparty");

  /**
   * The gRPC inside Ratis reads these once, when it is loaded. By default it has an arena of some
   * MB for each thread, and warns of each voter that is away.
   */
  static void calmTheInside() {
    INNER.setLevel(Level.OFF);
    neverExit();
    preset("allocator.numDirectArenas", "1");
    preset("allocator.numHeapArenas", "1");
    preset("allocator.maxOrder", "5");
    preset("allocator.useCacheForAllThreads", "false");
    preset("leakDetection.level", "disabled");
    preset("noUnsafe", "true");
  }

  /**
   * By default Ratis ends the JVM when a port is taken, and whenever any thread of it ends by an
   * exception. A voter that cannot start is tried again.
   */
  private static void neverExit() {
    Thread.UncaughtExceptionHandler ours = Thread.getDefaultUncaughtExceptionHandler();
    ExitUtils.disableSystemExit();
    Thread.setDefaultUncaughtExceptionHandler(ours);
  }

  private static void preset(String name, String value) {
    if (System.getProperty(SHADED + name) == null) {
      System.setProperty(SHADED + name, value);
    }
  }

  static RaftProperties properties(VoterConfig config, boolean isSole) {
    RaftProperties p = new RaftProperties();
    RaftServerConfigKeys.setStorageDir(p, List.of(config.directory().toFile()));
    p.set("raft.rpc.type", SureRpc.class.getName());
    String host = VoterConfig.host(config.address());
    int port = VoterConfig.port(config.address());
    GrpcConfigKeys.Server.setHost(p, host);
    GrpcConfigKeys.Server.setPort(p, port);
    GrpcConfigKeys.setMessageSizeMax(p, SizeInBytes.valueOf("4MB"));
    GrpcConfigKeys.Server.setBossGroupSize(p, 1);
    GrpcConfigKeys.Server.setWorkerGroupSize(p, 2);
    GrpcConfigKeys.Server.setAsyncRequestThreadPoolSize(p, 4);
    log(p);
    snapshots(p, config);
    times(p, config, isSole);
    return p;
  }

  private static void log(RaftProperties p) {
    RaftServerConfigKeys.Log.setSegmentSizeMax(p, SizeInBytes.valueOf("4MB"));
    RaftServerConfigKeys.Log.setPreallocatedSize(p, SizeInBytes.valueOf("256KB"));
    RaftServerConfigKeys.Log.setWriteBufferSize(p, SizeInBytes.valueOf(ENTRY.getSize() + 64));
    RaftServerConfigKeys.Log.setQueueByteLimit(p, SizeInBytes.valueOf("8MB"));
    RaftServerConfigKeys.Log.setQueueElementLimit(p, 16_384);
    RaftServerConfigKeys.Log.setSegmentCacheNumMax(p, 2);
    RaftServerConfigKeys.Log.setSegmentCacheSizeMax(p, SizeInBytes.valueOf("4MB"));
    RaftServerConfigKeys.Log.setPurgeUptoSnapshotIndex(p, true);
    // By default only what is 1,024 entries behind, and that may be many times as many commands.
    RaftServerConfigKeys.Log.setPurgeGap(p, 1);
    RaftServerConfigKeys.Log.setUnsafeFlushEnabled(p, false);
    RaftServerConfigKeys.Log.setAsyncFlushEnabled(p, false);
    // Chained, an append that fails once fails every later one, for as long as the voter lives.
    RaftServerConfigKeys.Log.setAppendEntriesComposeEnabled(p, false);
    RaftServerConfigKeys.Log.Appender.setBufferByteLimit(p, ENTRY);
    // To a voter that refuses: by default each 5 s after a while. One that begins again is of no
    // use before it is reached, and each try costs the leader a millisecond.
    RaftServerConfigKeys.Log.Appender.setRetryPolicy(p, "1ms,10, 100ms," + Integer.MAX_VALUE / 2);
    RaftServerConfigKeys.Log.Appender.setSnapshotChunkSizeMax(p, SizeInBytes.valueOf("1MB"));
    RaftServerConfigKeys.Write.setByteLimit(p, SizeInBytes.valueOf("8MB"));
  }

  private static void snapshots(RaftProperties p, VoterConfig config) {
    RaftServerConfigKeys.Snapshot.setAutoTriggerEnabled(p, true);
    RaftServerConfigKeys.Snapshot.setAutoTriggerThreshold(p, config.snapshotEvery());
    RaftServerConfigKeys.Snapshot.setRetentionFileNum(p, 2);
    RaftServerConfigKeys.Snapshot.setTriggerWhenStopEnabled(p, false);
    RaftServerConfigKeys.Snapshot.setTriggerWhenRemoveEnabled(p, false);
    RaftServerConfigKeys.RetryCache.setExpiryTime(p, millis(Duration.ofSeconds(2)));
  }

  private static void times(RaftProperties p, VoterConfig config, boolean isSole) {
    Duration least = config.election();
    Duration most = least.multipliedBy(2);
    RaftServerConfigKeys.Rpc.setTimeoutMin(p, millis(least));
    RaftServerConfigKeys.Rpc.setTimeoutMax(p, millis(most));
    if (isSole) {
      // There is nobody to wait for.
      RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMin(p, millis(Duration.ofMillis(1)));
      RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMax(p, millis(Duration.ofMillis(2)));
    }
    RaftServerConfigKeys.Rpc.setRequestTimeout(p, millis(Duration.ofSeconds(1)));
    RaftServerConfigKeys.Notification.setNoLeaderTimeout(p, millis(most.multipliedBy(2)));
    RaftServerConfigKeys.LeaderElection.setPreVote(p, true);
    // We change one voter at a time; from one to two that is a majority for Ratis.
    RaftServerConfigKeys.LeaderElection.setMemberMajorityAdd(p, true);
    RaftServerConfigKeys.LeaderElection.setLeaderStepDownWaitTime(p, millis(Duration.ofSeconds(1)));
    // A voter that was frozen goes on; whether it may lead is for the others to say.
    RaftServerConfigKeys.setCloseThreshold(p, TimeDuration.valueOf(365, TimeUnit.DAYS));
  }

  static Parameters parameters(VoterConfig config, SureVote vote, Unanswered unanswered) {
    Parameters parameters = new Parameters();
    SureRpc.use(vote, unanswered, parameters);
    if (config.tls() != null) {
      GrpcConfigKeys.TLS.setConf(parameters, mutual(config.tls()));
    }
    return parameters;
  }

  /**
   * Both sides must be managers: what is said here changes the cluster. By default Ratis would want
   * the address of a voter in its certificate, take anybody who has one, and use a TLS of its own
   * that lies outside the heap.
   */
  private static GrpcTlsConfig mutual(KeyFiles files) {
    return GrpcTlsConfig.newBuilder()
        .setMutualTls(true)
        .setKeyManager(new OwnKey(() -> files.now().own()))
        .setTrustManager(new OnlyManagers(() -> files.now().authority()))
        .setSslProvider(SslProvider.JDK)
        .setProtocols(KeyFiles.PROTOCOL)
        .build();
  }

  private static TimeDuration millis(Duration duration) {
    return TimeDuration.valueOf(duration.toMillis(), TimeUnit.MILLISECONDS);
  }
}
