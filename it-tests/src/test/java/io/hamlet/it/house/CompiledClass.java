package io.hamlet.it.house;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.AccessFlags;
import java.lang.classfile.AttributedElement;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.FieldModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.classfile.constantpool.MethodTypeEntry;
import java.lang.classfile.constantpool.NameAndTypeEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.reflect.AccessFlag;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a class file says about itself.
 *
 * @param name with dots, nested classes with a dollar sign
 * @param types all classes it mentions, in code, descriptors or generic signatures
 * @param members what it calls or reads: owner, dot, name, then the descriptor of a method
 * @param mutableStatics its static fields that are not final
 * @param methodLines for each method, the span of source lines of its code
 * @param shown all classes in the declarations that other packages can see
 */
record CompiledClass(
    String name,
    SortedSet<String> types,
    SortedSet<String> members,
    List<String> mutableStatics,
    SortedMap<String, Integer> methodLines,
    SortedSet<String> shown) {
  private static final Pattern CLASS_IN_DESCRIPTOR = Pattern.compile("L([\\w/$]+)[;<]");

  /** All classes below a folder such as {@code manager/target/classes}; none if it is absent. */
  static List<CompiledClass> below(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(folder)) {
      List<Path> found = files.filter(f -> f.toString().endsWith(".class")).sorted().toList();
      List<CompiledClass> classes = new ArrayList<>();
      for (Path file : found) {
        classes.add(parse(Files.readAllBytes(file)));
      }
      return classes;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static CompiledClass parse(byte[] bytes) {
    ClassModel model = ClassFile.of().parse(bytes);
    SortedSet<String> types = new TreeSet<>();
    SortedSet<String> members = new TreeSet<>();
    for (PoolEntry entry : model.constantPool()) {
      switch (entry) {
        case ClassEntry c -> addType(types, c.asInternalName());
        case MemberRefEntry m -> members.add(memberName(m));
        case NameAndTypeEntry n -> addDescriptor(types, n.type().stringValue());
        case MethodTypeEntry m -> addDescriptor(types, m.descriptor().stringValue());
        default -> {}
      }
    }
    addDeclarations(types, model);
    return new CompiledClass(
        dots(model.thisClass().asInternalName()),
        types,
        members,
        mutableStatics(model),
        methodLines(model),
        shown(model));
  }

  String packageName() {
    return name.contains(".") ? name.substring(0, name.lastIndexOf('.')) : "";
  }

  private static String memberName(MemberRefEntry member) {
    String type = member.type().stringValue();
    return dots(member.owner().asInternalName())
        + "."
        + member.name().stringValue()
        + (type.startsWith("(") ? type : "");
  }

  private static void addDeclarations(SortedSet<String> types, ClassModel model) {
    addSignature(types, model);
    for (FieldModel field : model.fields()) {
      addDescriptor(types, field.fieldType().stringValue());
      addSignature(types, field);
    }
    for (MethodModel method : model.methods()) {
      addDescriptor(types, method.methodType().stringValue());
      addSignature(types, method);
    }
  }

  private static SortedSet<String> shown(ClassModel model) {
    SortedSet<String> shown = new TreeSet<>();
    if (model.flags().has(AccessFlag.PUBLIC)) {
      addSignature(shown, model);
      model.superclass().ifPresent(s -> addType(shown, s.asInternalName()));
      model.interfaces().forEach(i -> addType(shown, i.asInternalName()));
      model.fields().stream()
          .filter(f -> isVisible(f.flags()))
          .forEach(f -> addDescriptor(shown, f.fieldType().stringValue()));
      model.methods().stream()
          .filter(m -> isVisible(m.flags()))
          .forEach(
              m -> {
                addDescriptor(shown, m.methodType().stringValue());
                addSignature(shown, m);
              });
    }
    return shown;
  }

  private static boolean isVisible(AccessFlags flags) {
    return (flags.has(AccessFlag.PUBLIC) || flags.has(AccessFlag.PROTECTED))
        && !flags.has(AccessFlag.SYNTHETIC);
  }

  private static void addSignature(SortedSet<String> types, AttributedElement element) {
    element
        .findAttribute(Attributes.signature())
        .ifPresent(s -> addDescriptor(types, s.signature().stringValue()));
  }

  private static List<String> mutableStatics(ClassModel model) {
    return model.fields().stream()
        .filter(f -> f.flags().has(AccessFlag.STATIC) && !f.flags().has(AccessFlag.FINAL))
        .map(f -> f.fieldName().stringValue())
        .toList();
  }

  private static SortedMap<String, Integer> methodLines(ClassModel model) {
    SortedMap<String, Integer> spans = new TreeMap<>();
    for (MethodModel method : model.methods()) {
      List<Integer> lines = new ArrayList<>();
      method
          .code()
          .flatMap(code -> code.findAttribute(Attributes.lineNumberTable()))
          .ifPresent(t -> t.lineNumbers().forEach(l -> lines.add(l.lineNumber())));
      if (!lines.isEmpty()) {
        String name = method.methodName().stringValue();
        int span = Collections.max(lines) - Collections.min(lines) + 1;
        // A constructor has the lines of the fields it fills, wherever these stand.
        int length = name.equals("<init>") ? Set.copyOf(lines).size() : span;
        spans.merge(name, length, Math::max);
      }
    }
    return spans;
  }

  private static void addType(SortedSet<String> types, String internalName) {
    if (internalName.startsWith("[")) {
      addDescriptor(types, internalName);
    } else {
      types.add(dots(internalName));
    }
  }

  private static void addDescriptor(SortedSet<String> types, String descriptor) {
    Matcher classes = CLASS_IN_DESCRIPTOR.matcher(descriptor);
    while (classes.find()) {
      types.add(dots(classes.group(1)));
    }
  }

  private static String dots(String internalName) {
    return internalName.replace('/', '.');
  }
}
