package io.hamlet.it.house;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_String;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;
import static java.lang.constant.ConstantDescs.MTD_void;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who knows whom, and what the core never touches, read from the compiled classes. */
class ArchitectureTest {
  private static final Set<String> GENERATED = Set.of("io.hamlet.v1", "io.hamlet.internal.v1");

  private static final List<CompiledClass> MAIN =
      ProjectTree.MODULES.stream()
          .map(m -> ProjectTree.root().resolve(m).resolve("target/classes"))
          .flatMap(folder -> CompiledClass.below(folder).stream())
          .toList();

  private static final List<CompiledClass> TESTS =
      ProjectTree.MODULES.stream()
          .map(m -> ProjectTree.root().resolve(m).resolve("target/test-classes"))
          .flatMap(folder -> CompiledClass.below(folder).stream())
          .filter(c -> !c.name().contains(".jmh_generated."))
          .toList();

  @Test
  void allArrowsAreInTheTable() {
    Arrows arrows = new Arrows();
    assertThat(MAIN).extracting(CompiledClass::name).contains("io.hamlet.core.model.Entity");
    assertThat(MAIN.stream().flatMap(c -> arrows.check(c).stream())).isEmpty();
  }

  @Test
  void bannedNamesDoNotOccur() {
    Bans bans = new Bans(Bans.TABLE);
    assertThat(MAIN.stream().flatMap(c -> bans.check(c).stream())).isEmpty();
  }

  /** Nothing of the wire in what a customer of the SDK can see. */
  @Test
  void theSdkShowsNoProtoAndNoGrpc() {
    Predicate<String> ofTheWire = type -> type.matches("(io\\.grpc|io\\.hamlet\\.v1|com)\\..*");
    List<CompiledClass> sdk =
        MAIN.stream().filter(c -> c.packageName().equals("io.hamlet.client")).toList();
    assertThat(sdk).anyMatch(c -> c.shown().contains("io.hamlet.client.Receipt"));
    assertThat(sdk).noneMatch(c -> c.shown().stream().anyMatch(ofTheWire));
    assertThat(MAIN)
        .filteredOn(c -> c.name().equals("io.hamlet.v1.HamGrpc"))
        .allMatch(c -> c.shown().stream().anyMatch(ofTheWire))
        .hasSize(1);
  }

  @Test
  void testsNeitherSleepNorMockNorAreSwitchedOff() {
    Bans bans = new Bans(Bans.IN_TESTS);
    assertThat(TESTS).extracting(CompiledClass::name).contains(getClass().getName());
    assertThat(TESTS.stream().flatMap(c -> bans.check(c).stream())).isEmpty();
  }

  @Test
  void theCoreHasNoStaticThatChanges() {
    assertThat(MAIN.stream().flatMap(c -> statics(c).stream())).isEmpty();
    assertThat(statics(wrongClass("io.hamlet.core.model.Wrong", code -> {}))).hasSize(1);
    assertThat(statics(wrongClass("io.hamlet.manager.api.Right", code -> {}))).isEmpty();
  }

  @Test
  void methodsAreShort() {
    assertThat(MAIN.stream().flatMap(c -> longMethods(c, 50).stream())).isEmpty();
    assertThat(TESTS.stream().flatMap(c -> longMethods(c, 50).stream())).isEmpty();
  }

  @Test
  void aLongMethodIsFound() {
    CompiledClass wrong =
        wrongClass("io.hamlet.core.Wrong", code -> code.lineNumber(1).nop().lineNumber(52).nop());
    assertThat(longMethods(wrong, 50)).containsExactly("io.hamlet.core.Wrong.wrong has 52 lines");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "io.hamlet.core.recovery.Wrong io.hamlet.manager.port.Ticker",
        "io.hamlet.core.model.Wrong io.hamlet.core.recovery.Step",
        "io.hamlet.core.recovery.Wrong org.slf4j.Logger",
        "io.hamlet.manager.runtime.Wrong io.hamlet.v1.HamGrpc",
        "io.hamlet.manager.api.Wrong org.jgroups.JChannel",
        "io.hamlet.manager.Wrong java.lang.foreign.Arena",
        "io.hamlet.agent.cli.Wrong io.hamlet.manager.port.Inbox",
        "io.hamlet.agent.process.Wrong io.hamlet.agent.os.ffm.Native",
        "io.hamlet.client.Wrong io.hamlet.manager.Manager",
        "io.hamlet.client.recovery.Wrong io.grpc.Channel",
        "io.hamlet.client.recovery.Wrong io.hamlet.client.Ham",
        "io.hamlet.client.recovery.jdbc.Wrong io.grpc.Channel",
        "io.hamlet.agent.Wrong io.hamlet.it.sim.World",
        "io.hamlet.nobody.Wrong java.lang.String",
      })
  void aWrongArrowIsFound(String arrow) {
    String from = arrow.split(" ")[0];
    ClassDesc to = ClassDesc.of(arrow.split(" ")[1]);
    CompiledClass wrong = wrongClass(from, code -> code.aconst_null().checkcast(to).pop());
    assertThat(new Arrows().check(wrong)).hasSize(1);
  }

  @Test
  void aWrongArrowInADeclarationIsFound() {
    ClassDesc ticker = ClassDesc.of("io.hamlet.manager.port.Ticker");
    byte[] bytes =
        ClassFile.of()
            .build(
                ClassDesc.of("io.hamlet.core.recovery.Wrong"),
                c -> c.withField("ticker", ticker, ClassFile.ACC_PRIVATE));
    assertThat(new Arrows().check(CompiledClass.parse(bytes)))
        .containsExactly("io.hamlet.core.recovery.Wrong must not know io.hamlet.manager.port");
  }

  @Test
  void theClockInTheCoreIsFoundAndNowhereElse() {
    Consumer<CodeBuilder> readsTheClock =
        code ->
            code.invokestatic(
                    ClassDesc.of("java.lang.System"), "nanoTime", MethodTypeDesc.of(CD_long))
                .pop2();
    Bans bans = new Bans(Bans.TABLE);
    assertThat(bans.check(wrongClass("io.hamlet.core.recovery.Wrong", readsTheClock)))
        .containsExactly(
            "io.hamlet.core.recovery.Wrong must not use java.lang.System.nanoTime: time is an"
                + " event");
    assertThat(bans.check(wrongClass("io.hamlet.manager.runtime.Right", readsTheClock))).isEmpty();
  }

  @Test
  void anOverloadIsToldFromAnother() {
    Bans bans = new Bans(Bans.TABLE);
    ClassDesc locale = ClassDesc.of("java.util.Locale");
    CompiledClass wrong = lowerCases(MethodTypeDesc.of(CD_String));
    CompiledClass right = lowerCases(MethodTypeDesc.of(CD_String, locale));
    assertThat(bans.check(wrong)).singleElement().asString().contains("toLowerCase()");
    assertThat(bans.check(right)).noneMatch(f -> f.contains("toLowerCase"));
  }

  @Test
  void aSleepingTestIsFound() {
    CompiledClass wrong =
        wrongClass(
            "io.hamlet.it.live.Wrong",
            code ->
                code.loadConstant(1L)
                    .invokestatic(
                        ClassDesc.of("java.lang.Thread"),
                        "sleep",
                        MethodTypeDesc.of(CD_void, CD_long)));
    assertThat(new Bans(Bans.IN_TESTS).check(wrong)).hasSize(1);
  }

  private static CompiledClass lowerCases(MethodTypeDesc type) {
    return wrongClass(
        "io.hamlet.core.model.Wrong",
        code -> {
          code.ldc("A");
          if (type.parameterCount() == 1) {
            code.aconst_null();
          }
          code.invokevirtual(CD_String, "toLowerCase", type).pop();
        });
  }

  /** A class with a static that changes and one method with this body. */
  private static CompiledClass wrongClass(String name, Consumer<CodeBuilder> body) {
    byte[] bytes =
        ClassFile.of()
            .build(
                ClassDesc.of(name),
                c ->
                    c.withField("changes", CD_Object, ClassFile.ACC_STATIC)
                        .withMethodBody(
                            "wrong",
                            MTD_void,
                            ClassFile.ACC_STATIC,
                            code -> {
                              body.accept(code);
                              code.return_();
                            }));
    return CompiledClass.parse(bytes);
  }

  private static List<String> statics(CompiledClass seen) {
    return seen.packageName().startsWith("io.hamlet.core")
        ? seen.mutableStatics().stream().map(f -> seen.name() + "." + f + " is not final").toList()
        : List.of();
  }

  private static List<String> longMethods(CompiledClass seen, int most) {
    return seen.methodLines().entrySet().stream()
        .filter(m -> m.getValue() > most && !m.getKey().equals("<clinit>"))
        .filter(m -> !GENERATED.contains(seen.packageName()))
        .map(m -> seen.name() + "." + m.getKey() + " has " + m.getValue() + " lines")
        .toList();
  }
}
