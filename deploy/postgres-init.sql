-- One database a service; runs once, when the volume is empty.
CREATE DATABASE volna_users;
CREATE DATABASE volna_catalog;
CREATE DATABASE volna_albums;
CREATE DATABASE volna_playback;
CREATE DATABASE volna_search;
CREATE DATABASE volna_analytics;
