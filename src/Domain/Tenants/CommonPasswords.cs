namespace AgentPlatform.Domain.Tenants;

/// <summary>
/// The passwords that guessing starts with. A list of words and shapes instead of thousands of lines: what people add to a word
/// (a capital, a year, an exclamation mark, <c>@</c> for a) is taken off before the look-up, so that each word stands for hundreds.
/// </summary>
static class CommonPasswords
{
    const string Sequences = "01234567890 09876543210 abcdefghijklmnopqrstuvwxyz zyxwvutsrqponmlkjihgfedcba qwertyuiop qwertzuiop azertyuiop asdfghjkl zxcvbnm yxcvbnm "
        + "qazwsxedcrfvtgbyhnujmikolp 1qaz2wsx3edc4rfv5tgb6yhn 1q2w3e4r5t6y7u8i9o0p q1w2e3r4t5y6u7i8o9p0 poiuytrewq lkjhgfdsa mnbvcxz";

    static readonly char[] Ornaments = [.. "0123456789!?.,;:#*+-_=@$%&/ "];

    static readonly string[] Runs = Sequences.Split(' ');

    static readonly HashSet<string> Words = [.. """
        a aa aaa abc abcd access account action adam adidas admin administrator adobe agent agents agentplatform airborne alex alexander alexandra alice
        amanda amsterdam andrea andrew andrey angel angela anna anthony apple arsenal arthur asdf asdfgh asdfghjkl ashley asshole august austin autumn
        babygirl backup badboy banana barcelona baseball basketball batman beach beautiful beer benjamin berlin bigdaddy bigdog biteme blink blowme blue
        bonnie booboo boston bradley brandon brandy brian buddy bulldog buster butter butterfly calvin camaro cameron canada captain carlos caroline casper
        champion changeit changeme charles charlie chelsea chester chicago chicken chocolate chris christian christine christopher cocacola coffee compaq
        computer cookie cooper corvette cowboy cowboys cristina crystal dakota dallas daniel daniela danielle database david december default demo dennis diablo
        diamond disney doctor dolphin donald dragon dreams eagle eagles edward eminem enter ericsson everton explorer facebook falcon fallout family february
        fender ferrari firebird fish fishing florida flower flowers football forever france frank freddy free freedom friday friend friends fuck fucker fuckme
        fuckoff fuckyou gabriel garden gateway gemini general genius george gfhjkm ginger giants goblue golden golf golfer google gordon guest guitar gunner
        hacker hammer hannah happy hardcore harley harrypotter heather heaven hello helloworld help hiphop hockey holiday hotdog hottie house houston hunter
        hunting iceman iloveu iloveyou infinity internet invest iphone isabella jackass jackson jaguar jake james january jasmine jason jasper jennifer jeremy jessica
        jesus john johnny johnson jonathan jordan joseph joshua july june junior justin karina killer king kitten knight lakers lauren legend letmein
        liberty lincoln linkedin little liverpool login london loulou love lovely lover loveme lovers lucky madison madrid maggie magic manager manchester march
        maria marina mario marlboro marley marseille martin martina master matrix matthew maverick maxwell melissa mercedes merlin metallica michael
        michelle mickey midnight mike miller minecraft minnie mistress monday money monica monkey monster morgan motdepasse mother mountain muffin murphy mustang mypass
        mypassword naruto nascar natalia natasha nathan ncc newpass newpassword newyork nicholas nicole nikita ninja nintendo nissan none nothing november october
        oliver onelove orange packers pakistan panda panther paradise parker pass passat passe passord passwd passwort password patrick peaches
        peanut pepper phoenix player playboy please pokemon police porsche portugal power prince princess private purple pussy qazwsx qwer qwert qwerty qwertyu
        qwertyuiop rabbit rachel racing raiders rainbow ranger rangers raymond realmadrid redsox redwings richard robert robot rocky root rosebud runner
        sabrina samantha samsung samuel sandra santiago sarah saturday scarface school scooby scooter scorpion scott sebastian secret security senha september
        server service shadow shannon shit sierra silver simple simpsons skippy skywalker slayer slipknot smokey snoopy snowball soccer soleil sommer
        spartan spider spiderman spring spurs stalker star startrek starwars steelers stella stephanie steven steve student success summer sunday sunflower sunshine
        super superman superstar support suzuki sweet sweetheart swordfish sysadmin system target taylor tequila teresa test tester testing testtest thanks
        theman thomas thunder thursday thx tiffany tigers tigger time tomcat topgun toyota training travis trinity trouble trustno tuesday turtle twilight tyler
        united unknown user username valentina valeria vampire victor victoria viking vincent virginia viper volcano voyager warrior website wednesday welcome
        western whatever whiteboy wilson winner winston winter wizard wolf woman wordpass xbox xxx yahoo yamaha yankees yellow zaq zxcv zxcvbn zxcvbnm
        contrasena contraseña parola haslo heslo jelszo lozinka salasana wachtwoord geheim schatz hallo bonjour soleil azerty dragonball tinkerbell
        """.Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries)];

    public static bool Contains(string password)
    {
        var lower = password.ToLowerInvariant();
        var half = lower[..(lower.Length / 2)];
        return IsRepetition(lower) || IsDate(lower) || IsRun(lower) || IsWord(lower) || (half + half == lower && IsWord(half));
    }

    // Years, exclamation marks and counters stand before and behind the word; digits and signs may stand for letters in it.
    static bool IsWord(string lower)
    {
        var core = lower.Trim(Ornaments);
        return Words.Contains(core) || Words.Contains(Unleet(core)) || Words.Contains(Unleet(lower));
    }

    // "aaaaaaaa", "abababab", "12121212": one unit of up to four characters, again and again.
    static bool IsRepetition(string text) => Enumerable.Range(1, Math.Min(4, text.Length / 2))
        .Any(unit => text.Skip(unit).Select((character, i) => character == text[i]).All(same => same));

    // Eight digits are a birthday.
    static bool IsDate(string text) => text.Length is 8 or 10 && text.All(character => char.IsAsciiDigit(character) || character is '.' or '-' or '/');

    // A stretch of the keyboard or the alphabet, also twice, also with a digit or sign behind it.
    static bool IsRun(string text)
    {
        var core = text.TrimEnd('!', '?', '.', '#', '*');
        return core.Length > 0 && Array.Exists(Runs, run => Covers(run, core));

        static bool Covers(string run, string text)
        {
            var length = text.Length;
            while (length >= 4 && !run.Contains(text[..length], StringComparison.Ordinal))
            {
                length--;
            }

            return length >= 4 && (text.Length - length <= 1
                || Array.Exists(Runs, next => text.Length - length >= 3 && next.Contains(text[length..], StringComparison.Ordinal)));
        }
    }

    static string Unleet(string text) => text.Replace('@', 'a').Replace('4', 'a').Replace('3', 'e').Replace('1', 'i').Replace('!', 'i')
        .Replace('0', 'o').Replace('$', 's').Replace('5', 's').Replace('7', 't');
}
