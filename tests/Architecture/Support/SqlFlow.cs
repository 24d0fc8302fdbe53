using Mono.Cecil;
using Mono.Cecil.Cil;

namespace AgentPlatform.Architecture.Support;

/// <summary>Follows statements' text from the driver back to where it comes from.</summary>
/// <param name="Faults">Texts that are no constants, by type and method.</param>
/// <param name="Sinks">Parameters of the product's own methods through which texts reach the driver.</param>
sealed record SqlFlow(IReadOnlyCollection<(string Type, string Method, string Text)> Faults, IReadOnlyCollection<string> Sinks)
{
    public static SqlFlow Follow(AssemblyDefinition assembly)
    {
        var methods = assembly.AllMethods().Where(m => m.HasBody).ToList();
        var kickoffs = Kickoffs(methods);
        var stacks = methods.ToDictionary(m => m, m => new StackWalk(m));
        var sinks = new HashSet<string>(StringComparer.Ordinal);
        var faults = new HashSet<(string, string, string)>();
        for (var before = -1; before != sinks.Count;)
        {
            before = sinks.Count;
            faults.Clear();
            foreach (var method in methods)
            {
                foreach (var (callee, arguments) in stacks[method].Calls)
                {
                    if (SqlArgument(callee, sinks) is not { } index)
                    {
                        continue;
                    }

                    foreach (var origin in stacks[method].Sources(arguments[index]))
                    {
                        if (Parameter(method, origin, kickoffs) is { } parameter)
                        {
                            sinks.Add(parameter);
                        }
                        else if (origin.OpCode != OpCodes.Ldstr && origin.OpCode != OpCodes.Ldnull)
                        {
                            var name = SourceMethod(method, kickoffs);
                            faults.Add((method.DeclaringType.Outermost().Name, name, $"{method.DeclaringType.Outermost().Name}.{name} sends {callee.DeclaringType.Name}.{callee.Name} the text of [{origin}]"));
                        }
                    }
                }
            }
        }

        return new(faults, sinks);
    }

    /// <summary>Which of the call's parameters is the statement's text; null when none is.</summary>
    static int? SqlArgument(MethodReference callee, HashSet<string> sinks)
    {
        var type = callee.DeclaringType.FullName;
        var isDriver = callee.Name switch
        {
            ".ctor" => type is "Npgsql.NpgsqlCommand" or "Npgsql.NpgsqlBatchCommand" or "Dapper.CommandDefinition",
            "set_CommandText" => true,
            "CreateCommand" or "CreateBatchCommand" => type.StartsWith("Npgsql.", StringComparison.Ordinal),
            _ => type == "Dapper.SqlMapper",
        };
        for (var i = 0; i < callee.Parameters.Count; i++)
        {
            if (callee.Parameters[i].ParameterType.FullName == "System.String" && (isDriver || sinks.Contains(Key(callee, i))))
            {
                return i;
            }
        }

        return null;
    }

    static string Key(MethodReference method, int parameter) =>
        $"{method.DeclaringType.GetElementType().FullName}::{method.GetElementMethod().Name}/{method.Parameters.Count}#{parameter}";

    /// <summary>The parameter that an instruction reads, of the method that the source shows; null when it reads something else.</summary>
    static string? Parameter(MethodDefinition method, Instruction origin, Dictionary<TypeDefinition, MethodDefinition> kickoffs)
    {
        if (origin.OpCode.Code is Code.Ldarg_0 or Code.Ldarg_1 or Code.Ldarg_2 or Code.Ldarg_3 or Code.Ldarg_S or Code.Ldarg)
        {
            var index = origin.Operand is ParameterDefinition named ? named.Index : origin.OpCode.Code - Code.Ldarg_0 - (method.HasThis ? 1 : 0);
            return index < 0 ? null : Key(method, index);
        }

        if (origin.OpCode == OpCodes.Ldfld && origin.Operand is FieldReference field && field.DeclaringType.Resolve() is { } machine && kickoffs.TryGetValue(machine, out var kickoff)
            && kickoff.Parameters.FirstOrDefault(p => p.Name == field.Name) is { } parameter)
        {
            return Key(kickoff, parameter.Index);
        }

        return null;
    }

    /// <summary>State machine to the async method or iterator that it implements.</summary>
    static Dictionary<TypeDefinition, MethodDefinition> Kickoffs(IEnumerable<MethodDefinition> methods) =>
        (from method in methods
         from attribute in method.CustomAttributes
         where attribute.AttributeType.Name is "AsyncStateMachineAttribute" or "IteratorStateMachineAttribute" or "AsyncIteratorStateMachineAttribute"
         select (Machine: ((TypeReference)attribute.ConstructorArguments[0].Value).Resolve(), method)).ToDictionary(x => x.Machine, x => x.method);

    static string SourceMethod(MethodDefinition method, Dictionary<TypeDefinition, MethodDefinition> kickoffs) =>
        kickoffs.TryGetValue(method.DeclaringType, out var kickoff) ? kickoff.Name : method.Name;
}
