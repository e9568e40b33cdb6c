package io.hamlet.agent.basic;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Asks a daemon that runs. */
public final class BasicClient {
  private BasicClient() {}

  /**
   * Sends one line and reads the answer.
   *
   * @throws IOException when nobody is there
   */
  public static String ask(Home home, String request) throws IOException {
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(home.socket()));
        BufferedReader answers =
            new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8))) {
      channel.write(ByteBuffer.wrap((request + "\n").getBytes(StandardCharsets.UTF_8)));
      String answer = answers.readLine();
      if (answer == null) {
        throw new IOException("it hung up");
      }
      return answer;
    }
  }

  /** The answer as a map. Throws IllegalArgumentException for what is none. */
  public static Map<String, Object> read(String answer) {
    return JsonText.object(answer);
  }
}
