using System.IO.Compression;
using System.Reflection;
using Microsoft.Extensions.FileProviders;

namespace WebhookConsole.Configuration;

/// <summary>
/// Scripts, styles and fonts of the published single file. They are embedded in it as a zip (build/SingleFile.targets) and
/// unpacked at start into the data folder, under the id of the build, so that versions never mix.
/// </summary>
internal static class ConsoleAssets
{
    private const string Resource = "console-assets.zip";
    private const string Folder = "assets";
    private const string Removing = ".removing";

    private static readonly string s_build = typeof(ConsoleAssets).Module.ModuleVersionId.ToString("N");

    /// <summary>Points the web root at the unpacked assets.</summary>
    /// <returns>The endpoints manifest for <c>MapStaticAssets</c>; null when the application does not run from a single file.</returns>
    /// <exception cref="IOException">The data folder has no room for them, or cannot be made or written.</exception>
    public static string? Use(IWebHostEnvironment environment, IConfiguration configuration)
    {
        using Stream? zip = Assembly.GetExecutingAssembly().GetManifestResourceStream(Resource);
        if (zip is null)
        {
            return null;
        }

        StorageOptions storage = configuration.GetSection("Storage").Get<StorageOptions>() ?? new StorageOptions();
        string folder = Path.Combine(storage.Root, Folder, s_build);
        if (!Directory.Exists(folder))
        {
            try
            {
                Directory.CreateDirectory(storage.Root);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                throw storage.Unusable(exception);
            }

            Unpack(zip, folder);
        }

        environment.WebRootPath = Path.Combine(folder, "wwwroot");
        environment.WebRootFileProvider = new PhysicalFileProvider(environment.WebRootPath);
        return Path.Combine(folder, "endpoints.json");
    }

    /// <summary>Removes the assets of other builds. Only for the process that owns the data folder: another one may be serving them.</summary>
    public static void RemoveOthers(string dataFolder)
    {
        DirectoryInfo all = new(Path.Combine(dataFolder, Folder));
        foreach (DirectoryInfo other in all.Exists ? all.GetDirectories().Where(d => d.Name != s_build) : [])
        {
            try
            {
                // What a kill leaves half removed must not be found under the name of a build.
                if (!other.Name.EndsWith(Removing, StringComparison.Ordinal))
                {
                    other.MoveTo(other.FullName + Removing);
                }

                other.Delete(recursive: true);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // They only take room.
            }
        }
    }

    // A temporary folder is renamed in one step, so a killed start leaves nothing incomplete under the final name.
    private static void Unpack(Stream zip, string folder)
    {
        string temporary = Directory.CreateDirectory(folder + ".unpacking").FullName;
        try
        {
            using ZipArchive archive = new(zip, ZipArchiveMode.Read, leaveOpen: true);
            archive.ExtractToDirectory(temporary, overwriteFiles: true);
            Directory.Move(temporary, folder);
        }
        catch
        {
            // On a full disk, incomplete assets must not take the space that the database needs.
            Directory.Delete(temporary, recursive: true);
            throw;
        }
    }
}
