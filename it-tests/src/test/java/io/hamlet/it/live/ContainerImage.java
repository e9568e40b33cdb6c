package io.hamlet.it.live;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.BuildImageResultCallback;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** The packed program as an image, made here: no registry is asked. */
final class ContainerImage implements AutoCloseable {
  private final DockerClient docker;
  private final String name = "hamlet-it:" + ProcessHandle.current().pid();

  /**
   * Makes it, in some ten seconds.
   *
   * @param directory of the test
   */
  ContainerImage(DockerClient docker, Path directory) throws IOException, InterruptedException {
    this.docker = docker;
    Path context = Files.createDirectory(directory.resolve("image"));
    Path root = context.resolve("root.tar");
    Path said = directory.resolve("image.out");
    Process process =
        new ProcessBuilder(LiveNode.program().resolveSibling("image").toString(), root.toString())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(said)).isZero();
    Files.writeString(context.resolve("Dockerfile"), "FROM scratch\nADD root.tar /\n");
    docker
        .buildImageCmd(context.toFile())
        .withTags(Set.of(name))
        .exec(new BuildImageResultCallback())
        .awaitImageId(5, TimeUnit.MINUTES);
  }

  String name() {
    return name;
  }

  @Override
  public void close() {
    docker.removeImageCmd(name).exec();
  }
}
