package io.hamlet.it.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.hamlet.it.sim.VoteHistory;
import io.hamlet.manager.consensus.RatisVoter;
import io.hamlet.manager.consensus.VoterConfig;
import io.hamlet.manager.port.Consensus.Voter;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.RaftGroupIdProto;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.proto.RaftProtos.TermIndexProto;
import org.apache.ratis.proto.grpc.RaftServerProtocolServiceGrpc;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.io.grpc.ManagedChannel;
import org.apache.ratis.thirdparty.io.grpc.netty.NettyChannelBuilder;
import org.apache.ratis.thirdparty.io.grpc.stub.StreamObserver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a voter has told is still there after a power cut. Its disk is an image whose journal is
 * written only on demand, and the power cut is a copy of the image: what the voter had not forced
 * is not in it. The test is the only other voter.
 */
class VotePowerCutIT {
  @TempDir Path directory;
  private final List<Path> mounts = new ArrayList<>();
  private Path image;
  private Path storage;
  private RatisVoter voter;
  private ManagedChannel channel;
  private RaftRpcRequestProto head;

  @BeforeEach
  void begin() throws Exception {
    Needs.root();
    String mkfs = Needs.program("mkfs.ext4").toString();
    image = directory.resolve("image");
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(64L << 20);
    }
    assertThat(run(mkfs, "-q", "-F", image.toString())).isZero();
    storage = mount(image, "disk").resolve("consensus");
    int port = Ports.freeRange();
    List<Voter> founders = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      founders.add(new Voter(List.of("a", "b", "c").get(i), "127.0.0.1:" + (port + i)));
    }
    VoterConfig config =
        VoterConfig.of("cut", "a", founders.getFirst().address(), founders, storage);
    voter = RatisVoter.start(config, new VoteHistory());
    channel = NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
    UUID group = UUID.fromString(log(storage).getFileName().toString());
    head =
        RaftRpcRequestProto.newBuilder()
            .setRequestorId(ByteString.copyFromUtf8("b"))
            .setReplyId(ByteString.copyFromUtf8("a"))
            .setRaftGroupId(RaftGroupIdProto.newBuilder().setId(bytes(group)))
            .build();
  }

  @AfterEach
  void end() throws Exception {
    if (channel != null) {
      channel.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
    }
    if (voter != null) {
      voter.close();
    }
    for (Path mount : mounts.reversed()) {
      run("umount", "--lazy", mount.toString());
    }
  }

  @Test
  void aVoteThatWasToldIsKept() throws Exception {
    for (int term = 50; term < 53; term++) {
      assertThat(
              RaftServerProtocolServiceGrpc.newBlockingStub(channel)
                  .requestVote(
                      RequestVoteRequestProto.newBuilder()
                          .setServerRequest(head)
                          .setCandidateTerm(term)
                          .setCandidateLastEntry(
                              TermIndexProto.newBuilder().setTerm(term - 1).setIndex(1_000))
                          .build())
                  .getServerReply()
                  .getSuccess())
          .isTrue();
      assertThat(afterPowerCut("vote" + term))
          .containsEntry("term", Integer.toString(term))
          .containsEntry("votedFor", "b");
    }
  }

  @Test
  void aTermInWhichALeaderWasAnsweredIsKept() throws Exception {
    LinkedBlockingQueue<AppendEntriesReplyProto> replies = new LinkedBlockingQueue<>();
    StreamObserver<AppendEntriesRequestProto> leader =
        RaftServerProtocolServiceGrpc.newStub(channel)
            .appendEntries(
                new StreamObserver<>() {
                  @Override
                  public void onNext(AppendEntriesReplyProto reply) {
                    replies.add(reply);
                  }

                  @Override
                  public void onError(Throwable failure) {}

                  @Override
                  public void onCompleted() {}
                });
    for (int term = 70; term < 73; term++) {
      leader.onNext(
          AppendEntriesRequestProto.newBuilder()
              .setServerRequest(head)
              .setLeaderTerm(term)
              .build());
      AppendEntriesReplyProto reply = replies.poll(60, TimeUnit.SECONDS);
      assertThat(reply).isNotNull();
      assertThat(reply.getResult()).isNotEqualTo(AppendEntriesReplyProto.AppendResult.NOT_LEADER);
      assertThat(afterPowerCut("term" + term)).containsEntry("term", Integer.toString(term));
    }
  }

  /** Term and vote as the voter would find them. */
  private Properties afterPowerCut(String name) throws Exception {
    Path copy = directory.resolve(name + ".image");
    Files.copy(image, copy);
    Path found = log(mount(copy, name).resolve("consensus")).resolve("current/raft-meta");
    Properties meta = new Properties();
    try (Reader reader = Files.newBufferedReader(found)) {
      meta.load(reader);
    }
    return meta;
  }

  private Path mount(Path disk, String name) throws Exception {
    Path at = Files.createDirectories(directory.resolve(name));
    boolean isMounted = run("mount", "-o", "loop,commit=600", disk.toString(), at.toString()) == 0;
    Needs.that("root", "the right to mount an image", isMounted);
    mounts.add(at);
    return at;
  }

  private static Path log(Path storage) throws IOException {
    try (Stream<Path> below = Files.list(storage)) {
      return below.filter(Files::isDirectory).findFirst().orElseThrow();
    }
  }

  private static ByteString bytes(UUID id) {
    return ByteString.copyFrom(
        ByteBuffer.allocate(16)
            .putLong(id.getMostSignificantBits())
            .putLong(id.getLeastSignificantBits())
            .flip());
  }

  private int run(String... command) throws Exception {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve("commands.out").toFile())
        .start()
        .waitFor();
  }
}
