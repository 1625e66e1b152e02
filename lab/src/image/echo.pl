#!/usr/bin/perl
# A small HTTP server for tests: one process, one loop, keep-alive, and misbehaviour on demand. See lab/README.md.
use strict;
use warnings;
use IO::Socket::INET;
use Socket qw(TCP_NODELAY IPPROTO_TCP);
use POSIX ();

$| = 1;

# Seconds since boot with fractions, without a module that needs the whole of Perl.
sub now {
    open my $uptime, '<', '/proc/uptime' or return CORE::time;
    my ($seconds) = split / /, <$uptime>;
    return $seconds;
}

my $port       = $ENV{ECHO_PORT}          // 8080;
my $version    = $ENV{ECHO_VERSION}       // 'unknown';
my $delay      = $ENV{ECHO_DELAY}         // 0;    # seconds before each answer
my $healthy    = !$ENV{ECHO_UNHEALTHY};
my $healthy_at = now() + ($ENV{ECHO_HEALTHY_AFTER} // 0);
my $hostname   = (POSIX::uname())[1];
my $ends_at    = defined $ENV{ECHO_EXIT_AFTER} ? now() + $ENV{ECHO_EXIT_AFTER} : undef;
my $exit_code  = $ENV{ECHO_EXIT_CODE} // 0;
my $served     = 0;

sub log_lines { my ($count, $stream) = @_; print {$stream} "line $_\n" for 1 .. $count }

$SIG{PIPE} = 'IGNORE';
unless ($ENV{ECHO_IGNORE_TERM}) {
    $SIG{TERM} = $SIG{INT} = sub { print "ending after $served requests\n"; exit 0 };
}
else {
    $SIG{TERM} = $SIG{INT} = 'IGNORE';
}

log_lines($ENV{ECHO_LOG_LINES}, \*STDOUT) if $ENV{ECHO_LOG_LINES};
select undef, undef, undef, $ENV{ECHO_START_DELAY} if $ENV{ECHO_START_DELAY};
exit $exit_code if defined $ends_at && $ends_at <= now();

my $listener = IO::Socket::INET->new(LocalPort => $port, Listen => 1024, ReuseAddr => 1, Blocking => 0)
    or die "listening on port $port: $!\n";
print "echo $version listens on port $port\n";

my (%client, @waiting);    # file number → state; answers that are due later, [time, file number, text, closes]

sub json_string {
    my ($text) = @_;
    $text =~ s/([\\"])/\\$1/g;
    $text =~ s/([\x00-\x1f\x7f-\xff])/sprintf '\\u%04x', ord $1/ge;
    return qq("$text");
}

sub json_object {
    my %fields = @_;
    return '{' . join(',', map { json_string($_) . ':' . $fields{$_} } sort keys %fields) . '}';
}

# What is answered to a request: status, body, and seconds to wait before.
sub answer_to {
    my ($method, $path, $query, $headers, $body, $peer) = @_;
    my %asked = map { /^([^=]*)=?(.*)$/ ? ($1 => $2) : () } split /&/, $query;
    if ($path eq '/health') {
        my $good = $healthy && now() >= $healthy_at;
        return ($good ? 200 : 503, $good ? "healthy\n" : "unhealthy\n", 0);
    }
    if ($path eq '/healthy')   { $healthy = 1; $healthy_at = 0; return (200, "ok\n", 0) }
    if ($path eq '/unhealthy') { $healthy = 0; return (200, "ok\n", 0) }
    if ($path eq '/delay')     { $delay = $asked{seconds} // 0; return (200, "ok\n", 0) }
    if ($path eq '/log') {
        log_lines($asked{lines} // 1, ($asked{stream} // '') eq 'stderr' ? \*STDERR : \*STDOUT);
        return (200, "ok\n", 0);
    }
    if ($path eq '/exit') { $exit_code = $asked{code} // 0; $ends_at = now() + ($asked{after} // 0.05); return (200, "ok\n", 0) }
    if ($path eq '/status') { return ($asked{code} // 200, "status\n", $delay) }
    if ($path eq '/bytes')  { return (200, 'x' x ($asked{count} // 0), $delay) }
    if ($path eq '/env')    { return (200, ($ENV{ $asked{name} // '' } // '') . "\n", 0) }
    my %fields = (
        version  => json_string($version),
        hostname => json_string($hostname),
        method   => json_string($method),
        path     => json_string($path),
        query    => json_string($query),
        peer     => json_string($peer),
        body     => json_string($body),
        served   => $served,
        headers  => json_object(map { $_ => json_string($headers->{$_}) } keys %$headers),
    );
    return (200, json_object(%fields) . "\n", $asked{delay} // $delay);
}

sub drop_client {
    my ($number) = @_;
    my $state = delete $client{$number} or return;
    close $state->{socket};
}

sub flush_client {
    my ($number) = @_;
    my $state = $client{$number} or return;
    while (length $state->{out}) {
        my $sent = syswrite $state->{socket}, $state->{out};
        if (!defined $sent) { return if $!{EAGAIN}; return drop_client($number) }
        substr $state->{out}, 0, $sent, '';
    }
    drop_client($number) if $state->{closes};
}

sub send_answer {
    my ($number, $text, $closes) = @_;
    my $state = $client{$number} or return;
    $state->{out} .= $text;
    $state->{busy}   = 0;
    $state->{closes} = $closes;
    flush_client($number);
    read_requests($number) if $client{$number};
}

# Takes whole requests off what a client has sent; one at a time, so that answers keep their order.
sub read_requests {
    my ($number) = @_;
    my $state = $client{$number} or return;
    return if $state->{busy};
    my $end = index $state->{in}, "\r\n\r\n";
    if ($end < 0) { drop_client($number) if length $state->{in} > 65536; return }
    my ($first, @lines) = split /\r\n/, substr $state->{in}, 0, $end;
    my ($method, $target, $protocol) = split / /, $first // '';
    return drop_client($number) unless defined $target;
    my %headers = map { /^([^:]+):\s*(.*)$/ ? (lc $1 => $2) : () } @lines;
    my $length = $headers{'content-length'} // 0;
    return if length $state->{in} < $end + 4 + $length;
    my $body = substr $state->{in}, $end + 4, $length;
    substr $state->{in}, 0, $end + 4 + $length, '';
    my ($path, $query) = split /\?/, $target, 2;
    my ($status, $text, $wait) = answer_to($method, $path, $query // '', \%headers, $body, $state->{peer});
    $served++;
    my $closes = lc($headers{connection} // '') eq 'close' || ($protocol // '') eq 'HTTP/1.0' ? 1 : 0;
    my $answer = "HTTP/1.1 $status Answer\r\nContent-Length: " . length($text) . "\r\nX-Version: $version\r\nX-Hostname: $hostname\r\n";
    $answer .= 'Connection: ' . ($closes ? 'close' : 'keep-alive') . "\r\n\r\n" . ($method eq 'HEAD' ? '' : $text);
    $state->{busy} = 1;
    if ($wait > 0) { push @waiting, [now() + $wait, $number, $state->{id}, $answer, $closes] }
    else           { send_answer($number, $answer, $closes) }
}

my $next_id = 0;
while (1) {
    my ($readable, $writable) = ('', '');
    vec($readable, fileno $listener, 1) = 1;
    for my $number (keys %client) {
        vec($readable, $number, 1) = 1;
        vec($writable, $number, 1) = 1 if length $client{$number}{out};
    }
    my ($due) = sort { $a <=> $b } map { $_->[0] } @waiting, defined $ends_at ? [$ends_at] : ();
    my $patience = defined $due ? $due - now() : undef;
    $patience = 0 if defined $patience && $patience < 0;
    my $ready = select($readable, $writable, undef, $patience);
    if (defined $ends_at && now() >= $ends_at) { print "exiting with $exit_code\n"; exit $exit_code }
    my @now = grep { $_->[0] <= now() } @waiting;
    @waiting = grep { $_->[0] > now() } @waiting;
    for (@now) { send_answer($_->[1], $_->[3], $_->[4]) if $client{ $_->[1] } && $client{ $_->[1] }{id} == $_->[2] }
    next unless defined $ready && $ready > 0;

    if (vec $readable, fileno $listener, 1) {
        while (my $socket = $listener->accept) {
            $socket->blocking(0);
            setsockopt $socket, IPPROTO_TCP, TCP_NODELAY, 1;
            my $peer = ($socket->peerhost // '?') . ':' . ($socket->peerport // 0);
            $client{ fileno $socket } = { socket => $socket, in => '', out => '', busy => 0, closes => 0, peer => $peer, id => $next_id++ };
        }
    }
    for my $number (keys %client) {
        flush_client($number) if $client{$number} && vec $writable, $number, 1;
        next unless $client{$number} && vec $readable, $number, 1;
        my $got = sysread $client{$number}{socket}, $client{$number}{in}, 65536, length $client{$number}{in};
        if (!defined $got) { drop_client($number) unless $!{EAGAIN} }
        elsif ($got == 0)  { drop_client($number) }
        else               { read_requests($number) }
    }
}
