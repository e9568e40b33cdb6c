package io.hamlet.agent;

/** The version of this build. */
public final class Version {
  public static final String TEXT = text();

  private Version() {}

  private static String text() {
    String built = Version.class.getPackage().getImplementationVersion();
    return built == null ? "unbuilt" : built;
  }
}
