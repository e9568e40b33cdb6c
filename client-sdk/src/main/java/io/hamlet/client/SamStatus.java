package io.hamlet.client;

/** Why a call came to nothing, with the numbers of libsam (sam.md 1.1). */
public enum SamStatus {
  OK(1),
  /** The manager cannot be reached, or does not answer. */
  LIBRARY(2),
  /** Not now. */
  TRY_AGAIN(6),
  /** A bad argument, or the call makes no sense with the chosen policy. */
  INVALID_PARAM(7),
  /** No room for more data. */
  NO_MEMORY(8),
  /** The call makes no sense in this state. */
  BAD_HANDLE(9),
  /** Not permitted, or a call of an instance that is no more. */
  ACCESS(11),
  NAME_TOO_LONG(13),
  /** More data than is kept. */
  TOO_BIG(26);

  private final int code;

  SamStatus(int code) {
    this.code = code;
  }

  /** As in {@code cs_error_t}; OK is 1. */
  public int code() {
    return code;
  }
}
