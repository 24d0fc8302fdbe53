using AgentPlatform.Architecture.Support;
using Mono.Cecil;

namespace AgentPlatform.Architecture;

/// <summary>
/// There is one door to the outside for whatever tenants may steer: <c>Infrastructure/Shared/Egress</c>. Nobody else makes sockets, clients or transports that would connect by
/// themselves. What the operator alone addresses has clients of its own that are not named here: the database, the broker, the exporter of telemetry.
/// </summary>
public sealed class EgressDoorTests
{
    const string Door = "AgentPlatform.Infrastructure.Shared.Egress";

    /// <summary>Types that connect, or make what connects. To name them is enough.</summary>
    static readonly string[] Connecting =
    [
        "System.Net.Http.SocketsHttpHandler", "System.Net.Http.HttpClientHandler", "System.Net.Http.IHttpClientFactory", "System.Net.Http.WinHttpHandler",
        "System.Net.Sockets.Socket", "System.Net.Sockets.TcpClient", "System.Net.Sockets.UdpClient", "System.Net.Sockets.NetworkStream", "System.Net.Sockets.UnixDomainSocketEndPoint", "System.Net.Dns",
        "System.Net.WebRequest", "System.Net.HttpWebRequest", "System.Net.FtpWebRequest", "System.Net.WebClient", "System.Net.WebSockets.ClientWebSocket", "System.Net.Mail.SmtpClient",
        "System.Net.Quic.QuicConnection", "System.Net.Security.SslStream", "System.Security.Cryptography.X509Certificates.X509Chain", "System.Net.NetworkInformation.Ping", "System.IO.Pipes.NamedPipeClientStream", "System.Xml.XmlUrlResolver", "System.Xml.XmlResolver",
        "System.DirectoryServices.Protocols.LdapConnection", "Microsoft.Extensions.DependencyInjection.HttpClientFactoryServiceCollectionExtensions",
        "AngleSharp.Io.DefaultHttpRequester", "AngleSharp.Io.Network.HttpClientRequester",
    ];

    [Test]
    public void Only_the_door_connects() => Assert.That(Breaches(Il.Assemblies.SelectMany(assembly => assembly.AllTypes())), Is.Empty);

    [Test]
    public void The_door_is_where_it_is_said_to_be() =>
        Assert.That(Il.Assembly("Infrastructure").AllTypes().Where(IsDoor).SelectMany(Uses.Of).Any(IsConnecting), "a rule about a namespace that is gone holds nothing");

    /// <summary>A checker that finds nothing here finds nothing anywhere.</summary>
    [Test]
    public void Finds_clients_sockets_and_transports_in_lambdas_and_state_machines() =>
        Assert.That(
            Breaches(Il.Read("AgentPlatform.Architecture").AllTypes().Where(type => type.Outermost().Namespace == "AgentPlatform.Sample.Doors")).Select(breach => breach.Split(' ')[0].Split('.')[^1]).Distinct(),
            Is.EquivalentTo(["MakesClient", "DialsInLambda", "ResolvesInAsync", "KeepsHandler", "ConnectsMail", "MakesTransport"]));

    static IEnumerable<string> Breaches(IEnumerable<TypeDefinition> types) =>
        (from type in types
         where !IsDoor(type)
         from used in Uses.Of(type)
         where IsConnecting(used)
         select $"{type.Outermost().FullName} uses {used.FullName}").Distinct();

    static bool IsDoor(TypeDefinition type) => type.Outermost().Namespace == Door;

    static bool IsConnecting(MemberReference used) => used switch
    {
        TypeReference type => Connecting.Contains(type.FullName),
        MethodReference { Name: ".ctor", DeclaringType.FullName: "System.Net.Http.HttpClient" or "System.Net.Http.HttpMessageInvoker" } => true,
        // A transport over a client that it is given goes through whatever made the client.
        MethodReference { Name: ".ctor", DeclaringType.FullName: "ModelContextProtocol.Client.HttpClientTransport" } made => !Takes(made, "System.Net.Http.HttpClient"),
        // Mail is spoken over a stream that is there already.
        MethodReference { Name: "Connect" or "ConnectAsync" } connects when connects.DeclaringType.Namespace.StartsWith("MailKit", StringComparison.Ordinal) => !Takes(connects, "System.IO.Stream"),
        MethodReference { Name: "WithDefaultLoader" } loads => loads.DeclaringType.Namespace.StartsWith("AngleSharp", StringComparison.Ordinal),
        _ => false,
    };

    static bool Takes(MethodReference method, string type) => method.Parameters.Any(parameter => parameter.ParameterType.FullName == type);
}
