package io.hamlet.core.recovery;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Test;

/** Marks the test of one numbered rule; {@link RulesCompleteTest} keeps the numbering honest. */
@Test
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Rule {
  /** Paragraph and number, as in {@code ham 1.8/3}. */
  String value();

  /** The rule in one sentence of ours. */
  String says();
}
