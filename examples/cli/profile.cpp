// SPDX-License-Identifier: BSL-1.0
#include "profile.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "ending.hpp"
#include "text.hpp"
#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <string_view>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace cli {

namespace {

constexpr std::size_t largest_profile = 1'000'000;

ending refused(std::filesystem::path const& path, std::string const& why) {
    return {exit_code::refused, "the profile " + path.string() + " " + why};
}
std::string text_of_error() {
    return std::generic_category().message(errno);
}

/// A file descriptor that closes itself.
struct descriptor {
    int fd;
    explicit descriptor(int opened) : fd(opened) {}
    descriptor(descriptor const&) = delete;
    ~descriptor() {
        if (fd >= 0)
            ::close(fd);
    }
};

std::filesystem::path folder() {
    if (char const* const set = std::getenv("XDG_CONFIG_HOME"); set && *set == '/')
        return std::filesystem::path(set) / "eloqua-bulk";
    char const* const home = std::getenv("HOME");
    if (!home || !*home)
        throw bad_usage("--profile needs HOME or XDG_CONFIG_HOME in the environment");
    return std::filesystem::path(home) / ".config" / "eloqua-bulk";
}

void check_name(std::string const& name) {
    constexpr std::string_view legal =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.";
    if (name.empty() || name.front() == '.' || name.find_first_not_of(legal) != name.npos)
        throw bad_usage("--profile takes a name of letters, digits, '.', '-' and '_', not '" +
                        printable(name) + "'");
}

/// Takes the text members of an object.
class member_reader {
public:
    member_reader(boost::json::object const& from, std::filesystem::path const& path)
        : from_(from), path_(path) {}

    void text(char const* name, std::string& into) {
        if (boost::json::value const* const found = from_.if_contains(name)) {
            if (!found->is_string())
                throw refused(path_, "has a '" + std::string(name) + "' that is not a text");
            into = found->get_string();
            ++taken_;
        }
    }
    void flag(char const* name, bool& into) {
        if (boost::json::value const* const found = from_.if_contains(name)) {
            if (!found->is_bool())
                throw refused(path_, "has a '" + std::string(name) + "' that is not true or false");
            into = found->get_bool();
            ++taken_;
        }
    }
    boost::json::object const* object(char const* name) {
        boost::json::value const* const found = from_.if_contains(name);
        if (found && !found->is_object())
            throw refused(path_, "has a '" + std::string(name) + "' that is not an object");
        taken_ += found != nullptr;
        return found ? &found->get_object() : nullptr;
    }
    void check_all_taken() const {
        if (taken_ != from_.size())
            throw refused(path_, "has a member that is not one of company, user, password, "
                                 "login_url, base_url, ca_file, allow_http and oauth (with "
                                 "client_id, client_secret, redirect_uri and login_origin)");
    }

private:
    boost::json::object const& from_;
    std::filesystem::path const& path_;
    std::size_t taken_ = 0;
};

profile parse(std::string const& text, std::filesystem::path const& path) {
    boost::system::error_code wrong;
    boost::json::value const whole = boost::json::parse(text, wrong);
    if (wrong || !whole.is_object())
        throw refused(path, "is not an object in JSON");
    profile made;
    member_reader take(whole.get_object(), path);
    take.text("company", made.company);
    take.text("user", made.user);
    take.text("password", made.password);
    take.text("login_url", made.login_url);
    take.text("base_url", made.base_url);
    take.text("ca_file", made.ca_file);
    take.flag("allow_http", made.allow_http);
    if (auto const* const oauth = take.object("oauth")) {
        application& app = made.oauth.emplace();
        member_reader part(*oauth, path);
        part.text("client_id", app.client_id);
        part.text("client_secret", app.client_secret);
        part.text("redirect_uri", app.redirect_uri);
        part.text("login_origin", app.login_origin);
        part.check_all_taken();
    }
    take.check_all_taken();
    return made;
}

} // namespace

std::filesystem::path profile_path(std::string const& name) {
    check_name(name);
    return folder() / (name + ".json");
}

std::filesystem::path token_path(std::string const& name) {
    check_name(name);
    return folder() / (name + ".tokens");
}

std::optional<profile> read_profile(std::string const& name) {
    std::filesystem::path const path = profile_path(name);
    descriptor const file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    if (file.fd < 0) {
        if (errno == ENOENT)
            return std::nullopt;
        throw refused(path, "cannot be opened: " + text_of_error());
    }
    struct stat about{};
    if (::fstat(file.fd, &about) != 0)
        throw refused(path, "cannot be examined: " + text_of_error());
    if (!S_ISREG(about.st_mode))
        throw refused(path, "is not a regular file");
    if (about.st_uid != ::geteuid())
        throw refused(path, "belongs to another user");
    if ((about.st_mode & (S_IRWXG | S_IRWXO)) != 0)
        throw refused(path, "can be used by others: run chmod 600 on it, and change the password "
                            "if somebody may have read it");
    std::string text;
    for (;;) {
        char part[4096];
        ssize_t const n = ::read(file.fd, part, sizeof part);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            throw refused(path, "cannot be read: " + text_of_error());
        if (n == 0)
            return parse(text, path);
        text.append(part, static_cast<std::size_t>(n));
        if (text.size() > largest_profile)
            throw refused(path, "is larger than 1 MB");
    }
}

void make_profile_folder() {
    std::filesystem::path const made = folder();
    std::error_code wrong;
    bool const created = std::filesystem::create_directories(made, wrong);
    if (!wrong && created)
        std::filesystem::permissions(made, std::filesystem::perms::owner_all, wrong);
    if (wrong)
        throw ending(exit_code::refused,
                     "the folder " + made.string() + " cannot be created: " + wrong.message());
}

void write_profile(std::string const& name, profile const& p) {
    make_profile_folder();
    boost::json::object whole;
    auto const put = [](boost::json::object& into, char const* key, std::string const& value) {
        if (!value.empty())
            into[key] = value;
    };
    put(whole, "company", p.company);
    put(whole, "user", p.user);
    put(whole, "password", p.password);
    put(whole, "login_url", p.login_url);
    put(whole, "base_url", p.base_url);
    put(whole, "ca_file", p.ca_file);
    if (p.allow_http)
        whole["allow_http"] = true;
    if (p.oauth) {
        boost::json::object app;
        put(app, "client_id", p.oauth->client_id);
        put(app, "client_secret", p.oauth->client_secret);
        put(app, "redirect_uri", p.oauth->redirect_uri);
        put(app, "login_origin", p.oauth->login_origin);
        whole["oauth"] = app;
    }
    std::string const text = boost::json::serialize(whole) + '\n';
    std::filesystem::path const path = profile_path(name);
    std::string made = path.string() + ".XXXXXX";
    descriptor const file(::mkostemp(made.data(), O_CLOEXEC));
    bool const written = file.fd >= 0 &&
                         ::write(file.fd, text.data(), text.size()) == ssize_t(text.size()) &&
                         ::fsync(file.fd) == 0 && ::rename(made.c_str(), path.c_str()) == 0;
    if (!written) {
        std::string const why = text_of_error();
        if (file.fd >= 0)
            ::unlink(made.c_str());
        throw refused(path, "cannot be written: " + why);
    }
}

} // namespace cli
