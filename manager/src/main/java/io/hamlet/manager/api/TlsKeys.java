package io.hamlet.manager.api;

import io.grpc.netty.GrpcSslContexts;
import io.hamlet.manager.tls.KeyFiles;
import io.hamlet.manager.tls.Keys;
import io.hamlet.manager.tls.OnlyManagers;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** What gRPC is told of the keys of this manager, anew when their files change. Thread-safe. */
public final class TlsKeys {
  private final KeyFiles files;
  private Contexts contexts;

  /**
   * What was made of the files.
   *
   * @param generation counts how often they were read
   */
  record Contexts(int generation, SslContext server, SslContext client) {}

  private TlsKeys(KeyFiles files) {
    this.files = files;
    this.contexts = contexts(files.now());
  }

  /** Reads the files as {@link KeyFiles#read} does; throws IOException. */
  public static TlsKeys read(Path cert, Path key, Path ca) throws IOException {
    return new TlsKeys(KeyFiles.read(cert, key, ca));
  }

  /** Made of what the files hold now. */
  synchronized Contexts now() {
    Keys keys = files.now();
    if (keys.generation() != contexts.generation) {
      contexts = contexts(keys);
    }
    return contexts;
  }

  private static Contexts contexts(Keys keys) {
    SslContextBuilder server =
        SslContextBuilder.forServer(keys.own())
            .trustManager(keys.authority())
            .clientAuth(ClientAuth.REQUIRE);
    SslContextBuilder client =
        SslContextBuilder.forClient()
            .keyManager(keys.own())
            .trustManager(new OnlyManagers(keys::authority));
    return new Contexts(keys.generation(), made(server), made(client));
  }

  private static SslContext made(SslContextBuilder builder) {
    try {
      return GrpcSslContexts.configure(builder, SslProvider.JDK)
          .protocols(KeyFiles.PROTOCOL)
          .build();
    } catch (IOException e) {
      throw new UncheckedIOException("this Java does not speak " + KeyFiles.PROTOCOL, e);
    }
  }
}
