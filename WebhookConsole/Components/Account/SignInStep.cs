namespace WebhookConsole.Components.Account;

/// <summary>What a try to sign in came to.</summary>
internal enum SignInStep
{
    /// <summary>For whatever reason; nobody is told which.</summary>
    Refused = 0,

    /// <summary>The password is right; a code of the authenticator app is asked for.</summary>
    CodeNeeded = 1,

    SignedIn = 2,

    /// <summary>The password was right too long ago, or was changed since: start again.</summary>
    TooLate = 3,
}
