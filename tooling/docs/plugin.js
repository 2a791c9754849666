// What TypeDoc does not do by itself for many packages in one reference:
//
// - Modules have the names by which users import them, not the paths of their declarations.
// - It warns of types that a package's exports refer to, but nobody can import.
import { Application, Converter, makeRecursiveVisitor, ReflectionKind } from "typedoc";
import { modules, unnamed } from "./typedoc.config.js";

const packages = new Set([...modules.values()].map((name) => /^(@[^/]+\/)?[^/]+/.exec(name)?.[0]));

/** @param {import("typedoc").Application} app */
export function load(app) {
  app.converter.on(Converter.EVENT_CREATE_DECLARATION, (context, reflection) => {
    if (reflection.kind !== ReflectionKind.Module) return;
    const [file] = context.getSymbolFromReflection(reflection)?.declarations ?? [];
    const name = modules.get(file?.getSourceFile().fileName ?? "");
    if (name === undefined) throw new Error(`${reflection.name} is no entry of a package.`);
    reflection.name = name;
  });

  app.on(Application.EVENT_VALIDATE_PROJECT, (project) => {
    const missing = missingTypes(project);
    for (const [name, owner] of missing) {
      if (unnamed.has(name)) continue;
      app.logger.validationWarning(
        `${name} is not exported, but ${owner} refers to it. Export it, or list it in typedoc.config.js.`,
      );
    }
    for (const name of unnamed) {
      if (missing.has(name)) continue;
      app.logger.validationWarning(`typedoc.config.js lists ${name}, which nothing refers to.`);
    }
  });
}

/**
 * Types of these packages that are referred to and not documented, each with something that does so.
 *
 * @param {import("typedoc").ProjectReflection} project
 */
function missingTypes(project) {
  /** @type {Map<string, string>} */
  const missing = new Map();
  for (const owner of Object.values(project.reflections)) {
    const visitor = makeRecursiveVisitor({
      reference(type) {
        if (type.reflection || type.isIntentionallyBroken() || !packages.has(type.package)) return;
        const name = `${type.package} ${type.qualifiedName}`;
        if (!missing.has(name)) missing.set(name, owner.getFriendlyFullName());
      },
    });
    const { type, default: preset, extendedTypes = [], implementedTypes = [] } = owner;
    for (const each of [type, preset, ...extendedTypes, ...implementedTypes]) each?.visit(visitor);
  }
  return missing;
}
