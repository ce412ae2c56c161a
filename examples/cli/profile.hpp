// SPDX-License-Identifier: BSL-1.0
// Profiles: files with the credentials and addresses of an instance.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace cli {

/// An OAuth application, as registered with Eloqua.
struct application {
    std::string client_id, client_secret, redirect_uri;
    std::string login_origin; ///< empty: that of Eloqua
};

/// The content of a profile. Empty members are not in the file.
struct profile {
    std::string company, user, password;
    std::string login_url, base_url, ca_file;
    bool allow_http = false;
    std::optional<application> oauth;
};

/// The file of a profile: NAME.json in $XDG_CONFIG_HOME/eloqua-bulk, or ~/.config/eloqua-bulk.
/// Throws `bad_usage` for a name that is not made of letters, digits, '.', '-' and '_'.
std::filesystem::path profile_path(std::string const& name);
/// The file with the profile's OAuth tokens.
std::filesystem::path token_path(std::string const& name);

/// Reads a profile; empty if there is no such file. Throws `ending` for a file that others may
/// read, that belongs to somebody else, or that is not a profile.
std::optional<profile> read_profile(std::string const& name);

/// Stores a profile in a file that only its owner can read, which it creates with its folder.
void write_profile(std::string const& name, profile const& p);

/// Creates the folder of profiles.
void make_profile_folder();

} // namespace cli
