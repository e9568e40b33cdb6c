package io.hamlet.manager.wire;

import static io.hamlet.manager.wire.Fields.scalar;

import io.hamlet.core.cluster.FenceRule;
import io.hamlet.core.cluster.Terms;

/** The terms of a node, which lie flat in what tells them. */
final class TermsCodec {
  private TermsCodec() {}

  /**
   * @param fencing 0: it was not told
   */
  static Terms decode(long lease, long grace, int fencing) {
    return new Terms(
        lease,
        grace,
        fencing == 0 ? FenceRule.NONE : scalar("fencing", fencing, EnumTable.FENCE_RULE::decode));
  }
}
