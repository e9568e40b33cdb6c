package io.hamlet.it.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.hamlet.client.Command;
import io.hamlet.client.Ham;
import io.hamlet.client.HamException;
import io.hamlet.client.Tls;
import io.hamlet.core.model.Name;
import io.hamlet.manager.api.TlsKeys;
import io.hamlet.v1.CreateEntityRequest;
import io.hamlet.v1.HamGrpc;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Who may call over TLS, and for what; here and over a hop. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TlsTest {
  @TempDir static Path directory;
  private TestAuthority authority;
  private TestAuthority stranger;
  private Tls manager;
  private Village village;

  @BeforeAll
  void start() throws Exception {
    authority = new TestAuthority(directory, "authority");
    stranger = new TestAuthority(directory, "stranger");
    manager = authority.of("manager");
    village = new Village(keys(manager), "a", "b");
    try (Ham admin = Ham.connect(authority.of("admin"), address("a"))) {
      admin.attach("web", Command.of("/bin/web"));
      admin.connectNode("b").attach("web", Command.of("/bin/web"));
    }
  }

  @AfterAll
  void stop() throws Exception {
    village.close();
  }

  @Test
  void eachRoleDoesWhatItMayHereAndThere() throws Exception {
    for (String node : new String[] {"a", "b"}) {
      try (Ham view = connect("view", node)) {
        assertThat(view.read("web", 0).node()).isEqualTo(node);
        assertThat(refusal(() -> view.named("web").publishState(7)).getMessage())
            .contains("PublishState needs the role operate")
            .contains("yours is view");
        assertThat(refusal(view::stop).reason()).isEqualTo(HamException.Reason.NOT_PERMITTED);
      }
      try (Ham operate = connect("operate", node)) {
        operate.named("web").publishState(5);
        assertThat(refusal(() -> operate.entity("e" + node)).getMessage())
            .contains("needs the role admin");
      }
      try (Ham admin = connect("admin", node)) {
        assertThat(admin.entity("made-" + node).node()).isEqualTo(node);
      }
      var state = village.of(node).brain.state();
      assertThat(state.entity(new Name("web")).userState()).isEqualTo(5);
      assertThat(state.stopping()).isFalse();
    }
  }

  @Test
  void whoHasNoRoleIsTold() throws Exception {
    try (Ham ham = connect("", "a")) {
      assertThat(refusal(ham::status).getMessage()).contains("gives no role");
    }
  }

  @Test
  void anExpiredCertificateIsNotBelieved() throws Exception {
    try (Ham ham = Ham.connect(authority.expired("admin"), address("a"))) {
      assertThat(refusal(ham::status).getMessage()).contains("certificate");
    }
  }

  @Test
  void aCertificateOfAnotherAuthorityIsNotBelieved() throws Exception {
    Tls theirs = stranger.of("admin");
    Tls mixed = new Tls(theirs.cert(), theirs.key(), manager.ca());
    try (Ham ham = Ham.connect(mixed, address("a"))) {
      assertThat(refusal(ham::status).reason()).isEqualTo(HamException.Reason.NOT_PERMITTED);
    }
  }

  @Test
  void aServerOfAnotherAuthorityIsNotBelieved() throws Exception {
    Tls ours = authority.of("admin");
    Tls mixed = new Tls(ours.cert(), ours.key(), stranger.of("view").ca());
    try (Ham ham = Ham.connect(mixed, address("a"))) {
      assertThat(refusal(ham::status).getMessage()).contains("certificate");
    }
  }

  @Test
  void aServerThatIsNoManagerIsNotBelieved() throws Exception {
    Bench impostor = new Bench(new Brain(), null, keys(authority.of("admin")));
    try (Ham ham = Ham.connect(authority.of("admin"), "127.0.0.1:" + impostor.port())) {
      assertThat(refusal(ham::status).getMessage()).contains("no manager");
    } finally {
      impostor.close();
    }
  }

  @Test
  void withoutACertificateNobodyComesIn() throws Exception {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", village.of("a").port())
            .sslContext(
                GrpcSslContexts.forClient()
                    .trustManager(InsecureTrustManagerFactory.INSTANCE)
                    .build())
            .build();
    try {
      assertThatThrownBy(() -> create(channel, new Metadata()))
          .isInstanceOfSatisfying(
              StatusRuntimeException.class,
              e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE));
    } finally {
      channel.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
    }
    try (Ham plain = Ham.connect((Tls) null, address("a")).withTimeout(Duration.ofSeconds(1))) {
      assertThatThrownBy(plain::status).isInstanceOf(HamException.class);
    }
    assertThat(village.of("a").brain.state().entities()).doesNotContainKey(new Name("sneaked"));
  }

  @Test
  void aHopRaisesNoRights() throws Exception {
    // Whoever is no manager may not speak for others, whatever role it claims.
    assertThat(hopped("view", "admin").getStatus().getDescription())
        .contains("only a manager may send requests on");
    assertThat(hopped("admin", "admin").getStatus().getCode())
        .isEqualTo(Status.Code.PERMISSION_DENIED);
    // A manager speaks for one who may only look.
    assertThat(hopped("manager", "view").getStatus().getDescription())
        .contains("needs the role admin");
    assertThat(hopped("manager", "emperor").getStatus().getDescription())
        .contains("needs the role admin");
    assertThat(village.of("a").brain.state().entities()).doesNotContainKey(new Name("sneaked"));
  }

  @Test
  void newCertificatesAreReadWhenTheFilesChange() throws Exception {
    Tls own = copied(authority.of("manager", "turning", 30), "turning");
    Village turning = new Village(keys(own), "c", "d");
    Tls client = copied(authority.of("admin", "turning-client", 30), "turning-client");
    String address = "127.0.0.1:" + turning.of("c").port();
    try (Ham ham = Ham.connect(client, address)) {
      ham.connectNode("d").entity("before");
      // Another authority from now on: nothing that was loaded before would be believed.
      Tls next = stranger.of("manager", "turned", 30);
      Tls nextClient = stranger.of("admin", "turned-client", 30);
      replace(next, own);
      replace(nextClient, client);
      ham.entity("still");
      try (Ham fresh = Ham.connect(nextClient, address)) {
        fresh.connectNode("d").entity("after");
      }
      assertThat(turning.of("d").brain.state().entities()).hasSize(2);
    } finally {
      turning.close();
    }
  }

  @Test
  void theSocketFileIsServedAsBefore() throws Exception {
    try (Ham local = village.of("a").connect()) {
      local.entity("local");
      local.connectNode("b").entity("local");
    }
  }

  @Test
  void filesThatAreNoKeysAreRefusedAtOnce() throws Exception {
    Path junk = Files.writeString(directory.resolve("junk.pem"), "junk");
    assertThatThrownBy(() -> keys(new Tls(junk, manager.key(), manager.ca())))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("PKCS #8");
    assertThatThrownBy(() -> keys(new Tls(manager.cert(), manager.key(), junk)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("junk.pem");
    assertThatThrownBy(() -> Ham.connect(new Tls(junk, manager.key(), manager.ca()), address("a")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("PEM");
  }

  private StatusRuntimeException hopped(String role, String claimed) throws Exception {
    Tls tls = authority.of(role);
    Metadata headers = new Metadata();
    headers.put(Metadata.Key.of("hamlet-hop", Metadata.ASCII_STRING_MARSHALLER), "b");
    headers.put(Metadata.Key.of("hamlet-role", Metadata.ASCII_STRING_MARSHALLER), claimed);
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", village.of("a").port())
            .sslContext(
                GrpcSslContexts.forClient()
                    .keyManager(tls.cert().toFile(), tls.key().toFile())
                    .trustManager(InsecureTrustManagerFactory.INSTANCE)
                    .build())
            .build();
    try {
      create(channel, headers);
    } catch (StatusRuntimeException e) {
      return e;
    } finally {
      channel.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
    }
    throw new AssertionError("it was let in");
  }

  private static void create(ManagedChannel channel, Metadata headers) {
    HamGrpc.newBlockingStub(channel)
        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
        .withDeadlineAfter(20, TimeUnit.SECONDS)
        .createEntity(CreateEntityRequest.newBuilder().setName("sneaked").build());
  }

  private static Tls copied(Tls from, String name) throws IOException {
    Path into = Files.createDirectory(directory.resolve(name));
    Tls to = new Tls(into.resolve("cert"), into.resolve("key"), into.resolve("ca"));
    replace(from, to);
    return to;
  }

  private static void replace(Tls from, Tls to) throws IOException {
    Files.copy(from.cert(), to.cert(), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    Files.copy(from.key(), to.key(), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    Files.copy(from.ca(), to.ca(), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
  }

  private static TlsKeys keys(Tls tls) throws IOException {
    return TlsKeys.read(tls.cert(), tls.key(), tls.ca());
  }

  /** Called at a, meant for that node. */
  private Ham connect(String role, String node) throws Exception {
    return Ham.connect(authority.of(role), address("a")).connectNode(node);
  }

  private String address(String node) {
    return "127.0.0.1:" + village.of(node).port();
  }

  private static HamException.Refused refusal(HopTest.Asking asking) {
    return HopTest.refusal(asking);
  }
}
