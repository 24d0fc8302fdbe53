using Mono.Cecil;
using Mono.Cecil.Cil;

namespace AgentPlatform.Architecture.Support;

/// <summary>The compiled assemblies as the compiler left them: what source text hides (lambdas, state machines, inferred types) is plain here.</summary>
static class Il
{
    public static readonly string[] Layers = ["Domain", "Application", "Infrastructure", "Api"];

    static readonly Lazy<IReadOnlyDictionary<string, AssemblyDefinition>> Product = new(() => Layers.Select(layer => Read($"AgentPlatform.{layer}")).ToDictionary(a => a.Name.Name));

    public static IEnumerable<AssemblyDefinition> Assemblies => Product.Value.Values;

    public static AssemblyDefinition Assembly(string layer) => Product.Value[$"AgentPlatform.{layer}"];

    public static AssemblyDefinition Read(string name) => AssemblyDefinition.ReadAssembly(
        Path.Combine(AppContext.BaseDirectory, name + ".dll"), new ReaderParameters { AssemblyResolver = Resolver() });

    /// <summary>Every type with the types nested in it, the compiler's own too.</summary>
    public static IEnumerable<TypeDefinition> AllTypes(this AssemblyDefinition assembly) => assembly.MainModule.Types.SelectMany(WithNested);

    public static IEnumerable<MethodDefinition> AllMethods(this AssemblyDefinition assembly) => assembly.AllTypes().SelectMany(type => type.Methods);

    public static IEnumerable<Instruction> Code(this MethodDefinition method) => method.HasBody ? method.Body.Instructions : [];

    /// <summary>The type that the source shows: the one around closures, state machines and nested types.</summary>
    public static TypeDefinition Outermost(this TypeDefinition type) => type.DeclaringType is { } outer ? outer.Outermost() : type;

    static IEnumerable<TypeDefinition> WithNested(TypeDefinition type) => type.NestedTypes.SelectMany(WithNested).Prepend(type);

    static DefaultAssemblyResolver Resolver()
    {
        var resolver = new DefaultAssemblyResolver();
        resolver.AddSearchDirectory(AppContext.BaseDirectory);
        resolver.AddSearchDirectory(Path.GetDirectoryName(typeof(object).Assembly.Location)!);
        resolver.AddSearchDirectory(Path.GetDirectoryName(typeof(Microsoft.AspNetCore.Http.HttpContext).Assembly.Location)!);
        return resolver;
    }
}
