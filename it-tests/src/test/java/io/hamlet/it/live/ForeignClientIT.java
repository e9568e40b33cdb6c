package io.hamlet.it.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A client in JavaScript that knows proto/ and nothing else gets along with a real node. */
class ForeignClientIT extends LiveTest {
  private static final Path PROJECT = LiveNode.program().resolve("../../..").normalize();
  private static final Path SOURCE = PROJECT.resolve("it-tests/src/test/node-client");

  private Path place;
  private Path javascript;

  @BeforeEach
  void installPackages() throws IOException {
    javascript = Needs.program("node");
    Path npm = Needs.program("npm");
    place = Files.createDirectories(PROJECT.resolve("it-tests/target/node-client"));
    for (String file : new String[] {"client.mjs", "package.json"}) {
      Files.copy(SOURCE.resolve(file), place.resolve(file), StandardCopyOption.REPLACE_EXISTING);
    }
    if (!Files.exists(place.resolve("node_modules/@grpc/proto-loader"))) {
      int status =
          node.run(
              Map.of(),
              npm.toString(),
              "install",
              "--prefix",
              place.toString(),
              "--no-audit",
              "--no-fund",
              "--no-package-lock");
      Needs.that("node", "the gRPC packages of npm", status == 0);
    }
  }

  @Test
  void itAttachesWatchesBeatsAndTakesEverythingDownAgain() throws Exception {
    String protos = PROJECT.resolve("proto/src/main/proto").toString();
    int status =
        node.run(
            Map.of(),
            javascript.toString(),
            place.resolve("client.mjs").toString(),
            node.address(),
            protos);

    String said = Files.readString(node.output());
    assertThat(status).as(said).isZero();
    assertThat(said)
        .contains("\"node\":\"one\"")
        .contains("\"pulse\":{\"number\":\"1\",\"code\":7,\"value\":\"-42\"}")
        .contains("\"beats\":100");
    assertThat(node.ham().status().entities()).isZero();
  }
}
