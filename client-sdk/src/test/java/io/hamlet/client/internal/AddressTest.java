package io.hamlet.client.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTest {
  @Test
  void aListMayBeGivenInPartsAndWithCommas() {
    var found = Address.list("unix:/run/a.sock, 127.0.0.1:4226", "[::1]:80,");
    assertThat(found)
        .extracting(Address::text)
        .containsExactly("unix:/run/a.sock", "127.0.0.1:4226", "[::1]:80");
    assertThat(found.get(0).socket()).isEqualTo(UnixDomainSocketAddress.of("/run/a.sock"));
    assertThat(((InetSocketAddress) found.get(1).socket()).getPort()).isEqualTo(4226);
    assertThat(((InetSocketAddress) found.get(2).socket()).getAddress().isLoopbackAddress())
        .isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"unix:", "somewhere", "host:", ":80", "host:0", "host:65536", "host:1x", "h:-1"})
  void whatIsNoAddressIsNamed(String text) {
    assertThatThrownBy(() -> Address.list(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(text);
  }
}
