using Mono.Cecil;
using Mono.Cecil.Cil;

namespace AgentPlatform.Architecture.Support;

/// <summary>
/// What lies on the evaluation stack at each call, as the instructions that may have pushed it. One pass forwards is enough: the compiler joins
/// branches with values on the stack (conditional expressions) only further down.
/// </summary>
sealed class StackWalk
{
    readonly Dictionary<Instruction, List<HashSet<Instruction>>> arriving = [];
    readonly Dictionary<string, HashSet<Instruction>> stored = new(StringComparer.Ordinal);
    readonly List<(MethodReference Callee, IReadOnlyList<IReadOnlySet<Instruction>> Arguments)> calls = [];
    List<HashSet<Instruction>>? stack = [];

    public StackWalk(MethodDefinition method)
    {
        foreach (var handler in method.Body.ExceptionHandlers)
        {
            arriving[handler.HandlerStart] = handler.HandlerType is ExceptionHandlerType.Catch or ExceptionHandlerType.Filter ? [[handler.HandlerStart]] : [];
            if (handler.FilterStart is { } filter)
            {
                arriving[filter] = [[filter]];
            }
        }

        foreach (var instruction in method.Code())
        {
            Arrive(instruction);
            Step(instruction, method);
        }
    }

    /// <summary>Every call with its arguments, without the instance.</summary>
    public IReadOnlyList<(MethodReference Callee, IReadOnlyList<IReadOnlySet<Instruction>> Arguments)> Calls => calls;

    /// <summary>Where values come from: a local variable, or the field that an async method keeps it in, is what was stored there.</summary>
    public IReadOnlySet<Instruction> Sources(IReadOnlySet<Instruction> origins)
    {
        var found = new HashSet<Instruction>();
        var open = new Stack<Instruction>(origins);
        var seen = new HashSet<Instruction>();
        while (open.TryPop(out var origin))
        {
            if (!seen.Add(origin))
            {
                continue;
            }

            if (Place(origin) is { } place && stored.TryGetValue(place, out var values))
            {
                foreach (var value in values)
                {
                    open.Push(value);
                }
            }
            else
            {
                found.Add(origin);
            }
        }

        return found;
    }

    void Arrive(Instruction instruction)
    {
        if (!arriving.TryGetValue(instruction, out var jumped))
        {
            stack ??= [];
            return;
        }

        if (stack is null)
        {
            stack = jumped;
            return;
        }

        for (var i = 0; i < Math.Min(stack.Count, jumped.Count); i++)
        {
            stack[i].UnionWith(jumped[i]);
        }
    }

    void Step(Instruction instruction, MethodDefinition method)
    {
        switch (instruction.OpCode.Code)
        {
            case Code.Dup:
                stack!.Add([.. stack[^1]]);
                return;
            case Code.Call or Code.Callvirt or Code.Newobj:
                Call(instruction, (MethodReference)instruction.Operand);
                return;
            case Code.Ret:
                Pop(IsVoid(method) ? 0 : 1);
                stack = null;
                return;
            default:
                var taken = Pop(Takes(instruction));
                if (Place(instruction) is { } place && IsStore(instruction))
                {
                    stored.TryAdd(place, []);
                    stored[place].UnionWith(taken[^1]);
                }

                for (var gives = Gives(instruction); gives > 0; gives--)
                {
                    stack!.Add([instruction]);
                }

                Jump(instruction);
                return;
        }
    }

    void Call(Instruction instruction, MethodReference callee)
    {
        var arguments = Pop(callee.Parameters.Count);
        calls.Add((callee, arguments));
        Pop(callee.HasThis && instruction.OpCode != OpCodes.Newobj ? 1 : 0);
        if (instruction.OpCode == OpCodes.Newobj || !IsVoid(callee))
        {
            stack!.Add([instruction]);
        }
    }

    void Jump(Instruction instruction)
    {
        foreach (var target in instruction.Operand switch { Instruction one => [one], Instruction[] many => many, _ => Array.Empty<Instruction>() })
        {
            arriving.TryAdd(target, [.. stack!.Select(slot => new HashSet<Instruction>(slot))]);
            for (var i = 0; i < Math.Min(stack!.Count, arriving[target].Count); i++)
            {
                arriving[target][i].UnionWith(stack[i]);
            }
        }

        if (instruction.OpCode.FlowControl is FlowControl.Branch or FlowControl.Throw or FlowControl.Return)
        {
            stack = null;
        }
    }

    List<HashSet<Instruction>> Pop(int count)
    {
        var taken = stack!.GetRange(stack.Count - count, count);
        stack.RemoveRange(stack.Count - count, count);
        return taken;
    }

    /// <summary>An <c>init</c> accessor returns void with a modifier.</summary>
    static bool IsVoid(MethodReference method) => (method.ReturnType is IModifierType modified ? modified.ElementType : method.ReturnType).FullName == "System.Void";

    static bool IsStore(Instruction i) => i.OpCode.Code is Code.Stfld or Code.Stloc or Code.Stloc_S or Code.Stloc_0 or Code.Stloc_1 or Code.Stloc_2 or Code.Stloc_3;

    /// <summary>The local variable, or the instance's field, that an instruction reads or writes.</summary>
    static string? Place(Instruction i) => i.OpCode.Code switch
    {
        Code.Ldloc_0 or Code.Stloc_0 => "0",
        Code.Ldloc_1 or Code.Stloc_1 => "1",
        Code.Ldloc_2 or Code.Stloc_2 => "2",
        Code.Ldloc_3 or Code.Stloc_3 => "3",
        Code.Ldloc or Code.Ldloc_S or Code.Stloc or Code.Stloc_S => ((VariableReference)i.Operand).Index.ToString(System.Globalization.CultureInfo.InvariantCulture),
        Code.Ldfld or Code.Stfld => ((FieldReference)i.Operand).FullName,
        _ => null,
    };

    static int Gives(Instruction i) => i.OpCode.StackBehaviourPush switch { StackBehaviour.Push0 or StackBehaviour.Varpush => 0, StackBehaviour.Push1_push1 => 2, _ => 1 };

    int Takes(Instruction i) => i.OpCode.StackBehaviourPop switch
    {
        StackBehaviour.Pop0 => 0,
        StackBehaviour.Pop1 or StackBehaviour.Popi or StackBehaviour.Popref => 1,
        StackBehaviour.Popi_popi_popi or StackBehaviour.Popref_popi_popi or StackBehaviour.Popref_popi_popi8 or StackBehaviour.Popref_popi_popr4
            or StackBehaviour.Popref_popi_popr8 or StackBehaviour.Popref_popi_popref => 3,
        StackBehaviour.PopAll => stack!.Count,
        StackBehaviour.Varpop => 0,
        _ => 2,
    };
}
