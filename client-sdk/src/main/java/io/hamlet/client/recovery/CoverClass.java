package io.hamlet.client.recovery;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_String;
import static java.lang.constant.ConstantDescs.CD_Throwable;
import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_void;
import static java.lang.constant.ConstantDescs.INIT_NAME;
import static java.lang.constant.ConstantDescs.MTD_void;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * A hidden class that implements an interface by calls on what sits in the seat of a connection.
 * Each method is the loop of {@link HaConnection#call} written out, so that a call that does not
 * fail costs two reads and allocates nothing.
 */
final class CoverClass {
  /** By the annotation, on the method or its interface. */
  static final Repeats MARKED =
      m ->
          m.isAnnotationPresent(Idempotent.class)
                  || m.getDeclaringClass().isAnnotationPresent(Idempotent.class)
              ? Repeat.IDEMPOTENT
              : Repeat.ONCE;

  private static final ClassDesc CONNECTION = desc(HaConnection.class);
  private static final ClassDesc SEAT = desc(Seat.class);

  /** By which methods may be repeated; weak in the interface, as its loader may go away. */
  private static final ClassValue<Map<List<Boolean>, CoverClass>> MADE =
      new ClassValue<>() {
        @Override
        protected Map<List<Boolean>, CoverClass> computeValue(Class<?> type) {
          return new ConcurrentHashMap<>();
        }
      };

  private final MethodHandle constructor;

  private CoverClass(MethodHandle constructor) {
    this.constructor = constructor;
  }

  /**
   * The class for an interface.
   *
   * @throws IllegalArgumentException it is no interface, or not open to this library
   */
  static CoverClass of(Class<?> type, Repeats repeats) {
    if (!type.isInterface() || type.isSealed() || type.isHidden() || type.isAnnotation()) {
      throw new IllegalArgumentException(type + " is no interface that a class can implement");
    }
    List<Method> methods =
        Stream.of(type.getMethods())
            .filter(m -> !Modifier.isStatic(m.getModifiers()))
            .sorted((a, b) -> a.toString().compareTo(b.toString()))
            .toList();
    List<Boolean> again = methods.stream().map(m -> repeats.of(m) == Repeat.IDEMPOTENT).toList();
    return MADE.get(type).computeIfAbsent(again, key -> make(type, methods, key));
  }

  Object over(HaConnection<?> connection) {
    try {
      return constructor.invoke(connection);
    } catch (Throwable e) {
      throw new LinkageError("a generated constructor fails", e);
    }
  }

  private static CoverClass make(Class<?> type, List<Method> methods, List<Boolean> again) {
    try {
      MethodHandles.Lookup home = home(type);
      ClassDesc name =
          ClassDesc.of(home.lookupClass().getPackageName(), type.getSimpleName() + "$Cover");
      byte[] bytes =
          ClassFile.of().build(name, c -> fill(new Shape(c, name, desc(type)), methods, again));
      MethodHandles.Lookup made = home.defineHiddenClass(bytes, true);
      return new CoverClass(
          made.findConstructor(
              made.lookupClass(), MethodType.methodType(void.class, HaConnection.class)));
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException(
          "cannot implement " + type + "; make it public or open its package: " + e.getMessage(),
          e);
    }
  }

  /** Here if the interface can be seen from here, else beside it. */
  private static MethodHandles.Lookup home(Class<?> type) throws IllegalAccessException {
    MethodHandles.Lookup here = MethodHandles.lookup();
    try {
      here.accessClass(type);
      if (Class.forName(type.getName(), false, CoverClass.class.getClassLoader()) == type) {
        return here;
      }
    } catch (ClassNotFoundException | IllegalAccessException e) {
      // Not visible from here.
    }
    return MethodHandles.privateLookupIn(type, here);
  }

  /** The class that is being built. */
  private record Shape(ClassBuilder to, ClassDesc name, ClassDesc type) {}

  private static void fill(Shape shape, List<Method> methods, List<Boolean> again) {
    shape
        .to
        .withFlags(ClassFile.ACC_FINAL | ClassFile.ACC_SUPER)
        .withInterfaceSymbols(shape.type, desc(Covered.class))
        .withField("connection", CONNECTION, ClassFile.ACC_PRIVATE | ClassFile.ACC_FINAL)
        .withMethodBody(
            INIT_NAME,
            MethodTypeDesc.of(CD_void, CONNECTION),
            0,
            code ->
                code.aload(0)
                    .invokespecial(CD_Object, INIT_NAME, MTD_void)
                    .aload(0)
                    .aload(1)
                    .putfield(shape.name, "connection", CONNECTION)
                    .return_());
    method(
        shape, "haConnection", MethodTypeDesc.of(CONNECTION), c -> connection(shape, c).areturn());
    method(
        shape,
        "toString",
        MethodTypeDesc.of(CD_String),
        c -> c.ldc("cover of " + shape.type.displayName()).areturn());
    for (int i = 0; i < methods.size(); i++) {
      Method m = methods.get(i);
      MethodTypeDesc signature =
          MethodType.methodType(m.getReturnType(), m.getParameterTypes()).describeConstable().get();
      boolean repeatable = again.get(i);
      if (m.getName().equals("close") && signature.equals(MTD_void)) {
        method(
            shape,
            "close",
            MTD_void,
            c -> connection(shape, c).invokevirtual(CONNECTION, "end", MTD_void).return_());
      } else if (!isOfObject(m)) {
        method(shape, m.getName(), signature, c -> loop(shape, c, m, signature, repeatable));
      }
    }
  }

  private static void method(
      Shape shape,
      String name,
      MethodTypeDesc signature,
      java.util.function.Consumer<CodeBuilder> body) {
    shape.to.withMethodBody(name, signature, ClassFile.ACC_PUBLIC, body);
  }

  private static CodeBuilder connection(Shape shape, CodeBuilder code) {
    return code.aload(0).getfield(shape.name, "connection", CONNECTION);
  }

  private static void loop(
      Shape shape, CodeBuilder code, Method m, MethodTypeDesc signature, boolean repeatable) {
    TypeKind result = TypeKind.from(signature.returnType());
    int seat = code.allocateLocal(TypeKind.REFERENCE);
    int failures = code.allocateLocal(TypeKind.INT);
    int error = code.allocateLocal(TypeKind.REFERENCE);
    connection(shape, code)
        .invokevirtual(CONNECTION, "seat", MethodTypeDesc.of(SEAT))
        .astore(seat)
        .iconst_0()
        .istore(failures);
    Label begin = code.newBoundLabel();
    code.aload(seat)
        .invokevirtual(SEAT, "connection", MethodTypeDesc.of(CD_Object))
        .checkcast(shape.type);
    for (int i = 0; i < signature.parameterCount(); i++) {
      code.loadLocal(TypeKind.from(signature.parameterType(i)), code.parameterSlot(i));
    }
    code.invokeinterface(shape.type, m.getName(), signature);
    Label end = code.newBoundLabel();
    Label plain = code.newLabel();
    code.iload(failures).ifeq(plain);
    connection(shape, code).invokevirtual(CONNECTION, "settled", MTD_void);
    code.labelBinding(plain).return_(result);
    Label failed = code.newBoundLabel();
    code.astore(error);
    connection(shape, code)
        .aload(seat)
        .aload(error)
        .loadConstant(repeatable ? 1 : 0)
        .invokevirtual(
            CONNECTION, "failed", MethodTypeDesc.of(SEAT, SEAT, CD_Throwable, CD_boolean))
        .astore(seat)
        .iconst_1()
        .istore(failures)
        .goto_(begin)
        .exceptionCatch(begin, end, failed, CD_Throwable);
  }

  /** Interfaces may repeat methods of Object; a cover has its own. */
  private static boolean isOfObject(Method m) {
    return switch (m.getName()) {
      case "toString", "hashCode" -> m.getParameterCount() == 0;
      case "equals" -> m.getParameterCount() == 1 && m.getParameterTypes()[0] == Object.class;
      default -> false;
    };
  }

  private static ClassDesc desc(Class<?> type) {
    return type.describeConstable().orElseThrow();
  }
}
