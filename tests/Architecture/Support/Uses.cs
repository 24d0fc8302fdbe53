using Mono.Cecil;

namespace AgentPlatform.Architecture.Support;

/// <summary>Everything that a type names: its bases, its members' signatures, its attributes, and every instruction of its code.</summary>
static class Uses
{
    /// <returns>Types and members (fields and methods), each as the code names it.</returns>
    public static IEnumerable<MemberReference> Of(TypeDefinition type) =>
        Declaration(type)
            .Concat(type.Fields.SelectMany(field => Types(field.FieldType).Concat(Attributes(field))))
            .Concat(type.Properties.SelectMany(Attributes))
            .Concat(type.Methods.SelectMany(OfMethod));

    static IEnumerable<MemberReference> Declaration(TypeDefinition type) =>
        Types(type.BaseType)
            .Concat(type.Interfaces.SelectMany(i => Types(i.InterfaceType)))
            .Concat(type.GenericParameters.SelectMany(p => p.Constraints).SelectMany(c => Types(c.ConstraintType)))
            .Concat(Attributes(type));

    static IEnumerable<MemberReference> OfMethod(MethodDefinition method)
    {
        var signature = Types(method.ReturnType)
            .Concat(method.Parameters.SelectMany(p => Types(p.ParameterType).Concat(Attributes(p))))
            .Concat(method.GenericParameters.SelectMany(p => p.Constraints).SelectMany(c => Types(c.ConstraintType)))
            .Concat(Attributes(method));
        return method.HasBody
            ? signature
                .Concat(method.Body.Variables.SelectMany(v => Types(v.VariableType)))
                .Concat(method.Body.ExceptionHandlers.SelectMany(h => Types(h.CatchType)))
                .Concat(method.Code().SelectMany(i => Operand(i.Operand)))
            : signature;
    }

    static IEnumerable<MemberReference> Operand(object? operand) => operand switch
    {
        TypeReference type => Types(type),
        GenericInstanceMethod method => Operand(method.ElementMethod).Concat(method.GenericArguments.SelectMany(Types)),
        MethodReference method => [.. Types(method.DeclaringType), method],
        FieldReference field => [.. Types(field.DeclaringType), field],
        _ => [],
    };

    static IEnumerable<MemberReference> Attributes(ICustomAttributeProvider on) =>
        on.CustomAttributes.SelectMany(a => Types(a.AttributeType).Concat(a.ConstructorArguments.Select(x => x.Value).OfType<TypeReference>().SelectMany(Types)));

    /// <summary>A type and whatever it is built of: arrays, generic arguments, modifiers.</summary>
    static IEnumerable<TypeReference> Types(TypeReference? type) => type switch
    {
        null or GenericParameter => [],
        GenericInstanceType generic => Types(generic.ElementType).Concat(generic.GenericArguments.SelectMany(Types)),
        FunctionPointerType pointer => Types(pointer.ReturnType).Concat(pointer.Parameters.SelectMany(p => Types(p.ParameterType))),
        TypeSpecification specification => Types(specification.ElementType),
        _ => [type],
    };
}
