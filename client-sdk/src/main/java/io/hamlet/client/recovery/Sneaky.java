package io.hamlet.client.recovery;

/** Throws what a covered call may throw, which the compiler cannot know here. */
final class Sneaky {
  private Sneaky() {}

  /** Never returns; to be written after {@code throw}. */
  static RuntimeException raise(Throwable error) {
    return Sneaky.<RuntimeException>as(error);
  }

  @SuppressWarnings("unchecked")
  private static <X extends Throwable> RuntimeException as(Throwable error) throws X {
    throw (X) error;
  }

  /** Keeps what went wrong on the way beside the error that is told. */
  static void suppress(Throwable error, Throwable trouble) {
    if (trouble != null && trouble != error) {
      error.addSuppressed(trouble);
    }
  }

  /** Closes what can be closed; tells nobody, as the connection is lost anyway. */
  static void closeQuietly(Object connection) {
    if (connection instanceof AutoCloseable closeable) {
      boolean interrupted = Thread.interrupted();
      try {
        closeable.close();
      } catch (InterruptedException e) {
        interrupted = true;
      } catch (Exception e) {
        // What is lost need not say goodbye.
      } finally {
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
      }
    }
  }
}
