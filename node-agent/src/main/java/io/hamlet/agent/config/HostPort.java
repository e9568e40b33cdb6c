package io.hamlet.agent.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/**
 * The two halves of {@code HOST[:PORT]}.
 *
 * @param host a name or an address, without brackets
 * @param port -1: none was given
 */
record HostPort(String host, int port) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._-]{0,252})");
  private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");

  /** An IPv6 address stands in brackets. Throws IllegalArgumentException. */
  static HostPort parse(String text) {
    int bracket = text.lastIndexOf(']');
    int colon = text.indexOf(':', Math.max(0, bracket));
    String host = colon < 0 ? text : text.substring(0, colon);
    if (bracket > 0 && host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, bracket);
    } else if (text.indexOf(':') != text.lastIndexOf(':')) {
      throw new IllegalArgumentException(
          "'"
              + text
              + "' has several colons; an IPv6 address stands in brackets, as in [::1]:4227");
    }
    if (!NAME.matcher(host).matches() && !isAddress(host)) {
      throw new IllegalArgumentException(
          "'" + host + "' is neither the name of a host nor an address");
    }
    return new HostPort(host, colon < 0 ? -1 : port(text.substring(colon + 1)));
  }

  /** The address itself, without any look-up; null when the host is a name. */
  InetAddress address() {
    try {
      return host.equals("localhost")
          ? InetAddress.ofLiteral("127.0.0.1")
          : isAddress(host) ? InetAddress.getByName(host) : null;
    } catch (UnknownHostException | IllegalArgumentException e) {
      return null;
    }
  }

  static int port(String text) {
    if (text.matches("\\d{1,5}") && Integer.parseInt(text) <= 65_535) {
      return Integer.parseInt(text);
    }
    throw new IllegalArgumentException("'" + text + "' is not a port between 0 and 65535");
  }

  private static boolean isAddress(String host) {
    return ADDRESS.matcher(host).matches();
  }
}
